import type { EpochMs } from '../../core/candle.ts';
import { createRandom, mixTime } from './random.ts';
import { emptySlice, splitSlice, Sum, type TradeSlice } from './trade-slice.ts';

/** The finest step of the market: what a running candle shows moves every 250 ms. */
export const STEP_MS = 250;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** A day is cut into hours, an hour into minutes, and so on: every longer candle is made of the shorter ones. */
const LENGTHS = [DAY, 60 * MINUTE, MINUTE, 1000, STEP_MS] as const;

/** Trades a day can have at most, so that trade numbers of different days never meet. */
const TRADES_PER_DAY = 4_000_000;

/** How many cut-up spans each level remembers. */
const REMEMBERED = 16;

/** What makes one symbol's market different from another's. */
export interface MarketOptions {
  readonly seed: number;
  /** Typical price, in ticks. */
  readonly ticks: number;
  /** Quote units per lot at a price in ticks. */
  readonly valuePerLot: (ticks: number) => number;
  /** Probability that a minute has no trades; 1 stops the market. */
  readonly emptyMinutes: number;
  /** Probability that a second of a minute with trades has none. */
  readonly emptySeconds: number;
}

/** All trading of one symbol, a pure function of its options and the time. */
export class Market {
  private readonly options: MarketOptions;
  private readonly cuts: Map<EpochMs, TradeSlice[]>[] = LENGTHS.map(() => new Map<EpochMs, TradeSlice[]>());
  private readonly empty: readonly number[];

  constructor(options: MarketOptions) {
    this.options = options;
    this.empty = [0, 0, options.emptyMinutes, options.emptySeconds, options.emptySeconds];
  }

  /** What was traded in [from, before); both are rounded down to 250 ms. */
  between(from: EpochMs, before: EpochMs): TradeSlice {
    const end = before - (before % STEP_MS);
    const sum = new Sum();
    let time = from - (from % STEP_MS);
    while (time < end) time = this.addRun(sum, time, end);
    return sum.total ?? this.nothingAt(time);
  }

  /** Adds the longest slices that fit, up to the end of the span they were cut from. */
  private addRun(sum: Sum, from: EpochMs, end: EpochMs): EpochMs {
    const level = levelAt(from, end);
    const length = LENGTHS[level] ?? DAY;
    const parentLength = LENGTHS[level - 1] ?? DAY;
    const parent = from - (from % parentLength);
    const slices = this.remembered(level, parent);
    const last = Math.min(end, parent + parentLength) - length;
    let time = from;
    for (; time <= last; time += length) {
      const slice = slices[(time - parent) / length];
      if (slice !== undefined) sum.add(slice);
    }
    return time;
  }

  private nothingAt(time: EpochMs): TradeSlice {
    const next = this.sliceAt(LENGTHS.length - 1, time);
    return emptySlice(next.before, next.firstTrade);
  }

  private sliceAt(level: number, time: EpochMs): TradeSlice {
    const parent = time - (time % (LENGTHS[level - 1] ?? DAY));
    const slices = this.remembered(level, parent);
    const slice = slices[(time - parent) / (LENGTHS[level] ?? DAY)];
    if (slice === undefined) throw new RangeError(`no slice of level ${String(level)} at ${String(time)}`);
    return slice;
  }

  private remembered(level: number, parent: EpochMs): TradeSlice[] {
    const known = this.cuts[level]?.get(parent);
    if (known !== undefined) return known;
    const made = level === 0 ? [this.dayAt(parent)] : this.cut(level, parent);
    const cuts = this.cuts[level];
    if (cuts !== undefined && cuts.size >= REMEMBERED) cuts.delete(cuts.keys().next().value ?? 0);
    cuts?.set(parent, made);
    return made;
  }

  private cut(level: number, parent: EpochMs): TradeSlice[] {
    const random = createRandom(mixTime(this.options.seed + level, parent));
    const parts = (LENGTHS[level - 1] ?? DAY) / (LENGTHS[level] ?? DAY);
    return splitSlice(this.sliceAt(level - 1, parent), { parts, empty: this.empty[level] ?? 0, random });
  }

  private dayAt(start: EpochMs): TradeSlice {
    const day = start / DAY;
    const before = this.priceAt(day);
    const firstTrade = day * TRADES_PER_DAY;
    if (this.options.emptyMinutes >= 1) return emptySlice(before, firstTrade);
    const random = createRandom(mixTime(this.options.seed, start));
    const open = Math.max(1, before + Math.round((random() - 0.5) * before * 0.002));
    const close = this.priceAt(day + 1);
    const high = Math.ceil(Math.max(open, close) * (1.005 + 0.02 * random()));
    const low = Math.max(1, Math.floor(Math.min(open, close) * (0.995 - 0.02 * random())));
    return { before, open, high, low, close, firstTrade, ...this.tradedIn(Math.round((high + low) / 2), random) };
  }

  private tradedIn(
    price: number,
    random: () => number,
  ): Pick<TradeSlice, 'trades' | 'lots' | 'quote' | 'takerLots' | 'takerQuote'> {
    const busy = (1 - this.options.emptyMinutes) * (1 - this.options.emptySeconds);
    const trades = Math.ceil(1440 * (800 + 1000 * random()) * busy);
    const lots = Math.round(trades * (5 + 20 * random()));
    const takerLots = Math.round(lots * (0.4 + 0.2 * random()));
    const value = this.options.valuePerLot(price);
    return { trades, lots, takerLots, quote: Math.round(lots * value), takerQuote: Math.round(takerLots * value) };
  }

  /** Price in ticks at the start of a day: slow and fast waves that depend on nothing but the day. */
  private priceAt(day: number): number {
    const wave = 0.35 * this.noise(day / 64, 1) + 0.12 * this.noise(day / 8, 2) + 0.03 * this.noise(day, 3);
    return Math.max(1, Math.round(this.options.ticks * Math.exp(wave)));
  }

  private noise(x: number, salt: number): number {
    const left = Math.floor(x);
    const at = (n: number): number => createRandom(mixTime(this.options.seed + 1000 * salt, n * STEP_MS))() * 2 - 1;
    const a = at(left);
    return a + (at(left + 1) - a) * (x - left);
  }
}

function levelAt(time: EpochMs, end: EpochMs): number {
  const level = LENGTHS.findIndex((length) => time % length === 0 && time + length <= end);
  return level === -1 ? LENGTHS.length - 1 : level;
}
