import type { Candle, EpochMs, VenueId } from '../../src/core/candle.ts';
import { closeTimeOf, nextOpenTime, openTimeAt, SHORTEST_LENGTH_MS, type Interval } from '../../src/core/interval.ts';
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
  /** An open time of the `3d` grid. */
  readonly anchor?: EpochMs;
}

export interface Series {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Candles as a pure function of symbol, interval and open time: what is asked again is the same. */
export class Truth {
  readonly #venue: VenueId;
  readonly options: TruthOptions;

  constructor(venue: VenueId, options: TruthOptions) {
    this.#venue = venue;
    this.options = options;
  }

  openTimeAt(time: EpochMs, interval: Interval): EpochMs {
    return openTimeAt(time, interval, this.options.anchor ?? 0);
  }

  firstOpen(interval: Interval): EpochMs {
    const open = this.openTimeAt(this.options.listedAt, interval);
    return open < this.options.listedAt ? nextOpenTime(open, interval) : open;
  }

  isAbsent({ symbol, interval }: Series, openTime: EpochMs): boolean {
    const { seed, absentShare, listedAt, endsAt = Infinity, holes = [] } = this.options;
    if (openTime < listedAt || openTime >= endsAt) return true;
    if (holes.some(({ from, before }) => from <= openTime && openTime < before)) return true;
    return chanceOf(seed, 'absent', symbol, interval, openTime) < absentShare;
  }

  /** The pause that an open time falls into; candles in it need not be looked at one by one. */
  holeAt(openTime: EpochMs): { readonly from: EpochMs; readonly before: EpochMs } | undefined {
    return this.options.holes?.find(({ from, before }) => from <= openTime && openTime < before);
  }

  /** The closed candle; undefined where the exchange has none. */
  candle(series: Series, openTime: EpochMs, source: Candle['source'] = 'backfill'): Candle | undefined {
    return this.isAbsent(series, openTime) ? undefined : this.#filled(series, openTime, { share: 1, source });
  }

  /** Open times of the candles there are, from `from` to before `before`. */
  openTimes(series: Series, from: EpochMs, before: EpochMs): EpochMs[] {
    const times = [];
    const first = this.openTimeAt(Math.max(from, this.options.listedAt), series.interval);
    for (let time = first; time < before; time = nextOpenTime(time, series.interval)) {
      time = Math.max(time, this.openTimeAt(this.holeAt(time)?.before ?? time, series.interval));
      if (time >= from && time < before && !this.isAbsent(series, time)) times.push(time);
    }
    return times;
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
    if (now < openTime || this.isAbsent(series, openTime)) return undefined;
    const closeTime = closeTimeOf(openTime, series.interval);
    const share = shareAt(now, { openTime, closeTime, movesAfterCloseMs });
    return this.#filled(series, openTime, { share, source: 'backfill' });
  }

  #filled(
    { symbol, interval }: Series,
    openTime: EpochMs,
    { share, source }: { share: number; source: Candle['source'] },
  ): Candle {
    const { seed, emptyShare } = this.options;
    const roll = (what: string) => chanceOf(seed, what, symbol, interval, openTime);
    const isEmpty = roll('empty') < emptyShare;
    const trades = isEmpty ? 0 : Math.floor((4 + Math.floor(1000 * roll('trades'))) * share);
    const open = 100 + Math.floor(100 * roll('open'));
    const close = trades === 0 ? open : open + Math.floor(10 * share * (roll('close') - 0.5));
    return {
      venue: this.#venue, symbol, interval, timestamp: openTime, closeTime: closeTimeOf(openTime, interval), open,
      high: Math.max(open, close) + (trades === 0 ? 0 : 1), low: Math.min(open, close) - (trades === 0 ? 0 : 1), close,
      volume: trades * 0.5, quoteVolume: trades * 50, trades, takerBuyVolume: trades * 0.25,
      takerBuyQuoteVolume: trades * 25, source,
    }; // prettier-ignore
  }
}

function shareAt(
  now: EpochMs,
  { openTime, closeTime, movesAfterCloseMs }: { openTime: EpochMs; closeTime: EpochMs; movesAfterCloseMs: number },
): number {
  if (now > closeTime + movesAfterCloseMs) return 1;
  if (now > closeTime) return 0.9;
  const lastSecond = Math.min(1000, (closeTime + 1 - openTime) / 4);
  if (now > closeTime - lastSecond) return 0.75;
  return now - openTime > (closeTime - openTime) / 3 ? 0.5 : 0.25;
}

/** How long the shortest candle of a series is, ms. */
export function lengthOf({ interval }: Series): number {
  return SHORTEST_LENGTH_MS[interval];
}
