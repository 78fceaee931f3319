import { makeCandle, type Candle, type EpochMs, type VenueId } from '../../src/core/candle.ts';
import { nextOpenTime, openTimeAt, SHORTEST_LENGTH_MS, type Interval } from '../../src/core/interval.ts';
import { chanceOf } from './sim-random.ts';

/** What the market is like. Shares are of candles. */
export interface TruthOptions {
  readonly seed: number;
  /** Candles without trades. */
  readonly emptyShare: number;
  /** Candles that the exchange itself does not have. */
  readonly absentShare: number;
  /** First open time of all series. */
  readonly listedAt: EpochMs;
  /** No candle opens from then on. */
  readonly endsAt?: EpochMs;
  /** Open times in these spans have no candle. */
  readonly holes?: readonly { readonly from: EpochMs; readonly before: EpochMs }[];
  /** Slots whose rows are unusual, as around the outages of 2018. */
  readonly oddShare?: number;
  /** What is unusual about one slot, as a scenario wants it. */
  readonly odd?: (slot: EpochMs) => Oddity | undefined;
  /** An open time of the `3d` grid. */
  readonly anchor?: EpochMs;
}

export interface Series {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Rows cut short, off the grid, or ending after their successor opens, and one that cannot be a candle. */
export const ODDITIES = [
  'cut short', 'two', 'late', 'late and over', 'over by 1 ms', 'over by 999 ms', 'over by all', 'unusable',
] as const; // prettier-ignore
export type Oddity = (typeof ODDITIES)[number];

interface RowSpan {
  readonly timestamp: EpochMs;
  readonly closeTime: EpochMs;
}

/** The rows of a slot, in parts of its length. */
const SPANS: Record<Oddity | 'none', (span: (from: number, to: number, moreMs?: number) => RowSpan) => RowSpan[]> = {
  none: (span) => [span(0, 1)],
  'cut short': (span) => [span(0, 0.4)],
  two: (span) => [span(0, 0.4), span(0.5, 1)],
  late: (span) => [span(0.3, 1)],
  'late and over': (span) => [span(0.3, 1.3)],
  'over by 1 ms': (span) => [span(0, 1, 1)],
  'over by 999 ms': (span) => [span(0, 1, 999)],
  'over by all': (span) => [span(0, 2)],
  unusable: (span) => [span(0, 1)],
};

/** Candles as a pure function of symbol, interval and open time: what is asked again is the same. */
export class Truth {
  readonly #venue: VenueId;
  readonly #known = new Map<string, Map<EpochMs, readonly RowSpan[]>>();
  readonly options: TruthOptions;

  readonly #told: (candle: Candle) => Candle;

  /** @param told - leaves out what the venue does not tell */
  constructor(venue: VenueId, options: TruthOptions, told: (candle: Candle) => Candle) {
    this.#venue = venue;
    this.options = options;
    this.#told = told;
  }

  openTimeAt(time: EpochMs, interval: Interval): EpochMs {
    return openTimeAt(time, interval, this.options.anchor ?? 0);
  }

  firstOpen(interval: Interval): EpochMs {
    const open = this.openTimeAt(this.options.listedAt, interval);
    return open < this.options.listedAt ? nextOpenTime(open, interval) : open;
  }

  /** Whether the exchange has no row in a slot. */
  isAbsent({ symbol, interval }: Series, slot: EpochMs): boolean {
    const { seed, absentShare, listedAt, endsAt = Infinity, holes = [] } = this.options;
    if (slot < listedAt || slot >= endsAt) return true;
    if (holes.some(({ from, before }) => from <= slot && slot < before)) return true;
    return chanceOf(seed, 'absent', symbol, interval, slot) < absentShare;
  }

  /** What is unusual about the rows of a slot that has any; undefined for nothing. */
  oddityAt({ symbol, interval }: Series, slot: EpochMs): Oddity | undefined {
    const { seed, oddShare = 0, odd } = this.options;
    const told = odd?.(slot);
    if (told !== undefined || chanceOf(seed, 'odd', symbol, interval, slot) >= oddShare) return told;
    const oddity = ODDITIES[Math.floor(ODDITIES.length * chanceOf(seed, 'oddity', symbol, interval, slot))];
    // The outages that left two rows in a slot were spot's. Where pages begin with the newest, a page that is one row too
    // long, and has one row left out, looks whole.
    return this.#venue === 'binance-coinm' && oddity === 'two' ? 'cut short' : oddity;
  }

  /** Why a slot has no candle; undefined where it has one. */
  lacks(series: Series, slot: EpochMs): 'absent' | 'rejected' | undefined {
    if (this.isAbsent(series, slot)) return 'absent';
    return this.oddityAt(series, slot) === 'unusable' ? 'rejected' : undefined;
  }

  /** The pause that an open time falls into; candles in it need not be looked at one by one. */
  holeAt(openTime: EpochMs): { readonly from: EpochMs; readonly before: EpochMs } | undefined {
    return this.options.holes?.find(({ from, before }) => from <= openTime && openTime < before);
  }

  /** The closed candle that opens at a moment; undefined where the exchange has none. */
  candle(series: Series, openTime: EpochMs, source: Candle['source'] = 'backfill'): Candle | undefined {
    const row = this.#row(series, openTime, { share: 1, source });
    return row === undefined || this.lacks(series, this.openTimeAt(openTime, series.interval)) ? undefined : row;
  }

  /** Open times of the candles there are, from `from` to before `before`. */
  openTimes(series: Series, from: EpochMs, before: EpochMs): EpochMs[] {
    const times = [];
    const first = this.openTimeAt(Math.max(from, this.options.listedAt), series.interval);
    for (let slot = first; slot < before; slot = nextOpenTime(slot, series.interval)) {
      slot = Math.max(slot, this.openTimeAt(this.holeAt(slot)?.before ?? slot, series.interval));
      if (slot < before && this.lacks(series, slot) === undefined) times.push(...this.rowTimes(series, slot));
    }
    return times.filter((time) => time >= from && time < before);
  }

  /** Open times of the rows in a slot, whether or not candles can be made of them. */
  rowTimes(series: Series, slot: EpochMs): EpochMs[] {
    return this.#spans(series, slot).map(({ timestamp }) => timestamp);
  }

  /**
   * A row as it stands at a moment: it stands still from a third of its life, changes in its last second, and
   * once more `movesAfterCloseMs` after its close.
   */
  rowAt(
    series: Series,
    openTime: EpochMs,
    { now, movesAfterCloseMs }: { now: EpochMs; movesAfterCloseMs: number },
  ): Candle | undefined {
    if (now < openTime) return undefined;
    const span = this.#spanOf(series, openTime);
    if (span === undefined) return undefined;
    return this.#row(series, openTime, { share: shareAt(now, { ...span, movesAfterCloseMs }), source: 'backfill' });
  }

  #row(series: Series, openTime: EpochMs, how: { share: number; source: Candle['source'] }): Candle | undefined {
    const span = this.#spanOf(series, openTime);
    if (span === undefined) return undefined;
    const candle = this.#told(this.#filled(series, span, how));
    const isUnusable = this.oddityAt(series, this.openTimeAt(openTime, series.interval)) === 'unusable';
    return isUnusable ? { ...candle, volume: -1 } : candle;
  }

  #spanOf(series: Series, openTime: EpochMs): RowSpan | undefined {
    const slot = this.openTimeAt(openTime, series.interval);
    return this.#spans(series, slot).find(({ timestamp }) => timestamp === openTime);
  }

  #spans(series: Series, slot: EpochMs): readonly RowSpan[] {
    const key = `${series.symbol} ${series.interval}`;
    const known = this.#known.get(key) ?? new Map<EpochMs, readonly RowSpan[]>();
    this.#known.set(key, known);
    const spans = known.get(slot) ?? this.#spansOf(series, slot);
    known.set(slot, spans);
    return spans;
  }

  #spansOf(series: Series, slot: EpochMs): readonly RowSpan[] {
    if (this.isAbsent(series, slot)) return [];
    const length = nextOpenTime(slot, series.interval) - slot;
    const span = (from: number, to: number, moreMs = 0): RowSpan => ({
      timestamp: slot + from * length,
      closeTime: slot + to * length - 1 + moreMs,
    });
    return SPANS[this.oddityAt(series, slot) ?? 'none'](span);
  }

  #filled(
    { symbol, interval }: Series,
    { timestamp, closeTime }: RowSpan,
    { share, source }: { share: number; source: Candle['source'] },
  ): Candle {
    const { seed, emptyShare } = this.options;
    const roll = (what: string) => chanceOf(seed, what, symbol, interval, timestamp);
    const isEmpty = roll('empty') < emptyShare;
    const trades = isEmpty ? 0 : Math.floor((4 + Math.floor(1000 * roll('trades'))) * share);
    const open = 100 + Math.floor(100 * roll('open'));
    const close = trades === 0 ? open : open + Math.floor(10 * share * (roll('close') - 0.5));
    return makeCandle({
      venue: this.#venue, symbol, interval, timestamp, closeTime, open,
      high: Math.max(open, close) + (trades === 0 ? 0 : 1), low: Math.min(open, close) - (trades === 0 ? 0 : 1), close,
      volume: trades * 0.5, quoteVolume: trades * 50, trades, takerBuyVolume: trades * 0.25,
      takerBuyQuoteVolume: trades * 25, source,
    }); // prettier-ignore
  }
}

function shareAt(
  now: EpochMs,
  { timestamp, closeTime, movesAfterCloseMs }: RowSpan & { movesAfterCloseMs: number },
): number {
  if (now > closeTime + movesAfterCloseMs) return 1;
  if (now > closeTime) return 0.9;
  const lastSecond = Math.min(1000, (closeTime + 1 - timestamp) / 4);
  if (now > closeTime - lastSecond) return 0.75;
  return now - timestamp > (closeTime - timestamp) / 3 ? 0.5 : 0.25;
}

/** How long the shortest candle of a series is, ms. */
export function lengthOf({ interval }: Series): number {
  return SHORTEST_LENGTH_MS[interval];
}
