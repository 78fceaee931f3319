/** How long something took, each time counted in a bucket. */
export interface DelayHistogram {
  /** Upper bounds of the buckets, inclusive, ms; the last bucket has none. */
  readonly upToMs: readonly number[];
  /** How many per bucket: one more than there are bounds. */
  readonly counts: readonly number[];
  /** What they took together, per bucket, ms. */
  readonly sumsMs: readonly number[];
}

/** From a candle's close to its delivery, ms. Binance's futures are up to 2 s late: 1.5 and 2.5 s are bounds beside it. */
export const CLOSE_BOUNDS_MS: readonly number[] = [
  10, 50, 100, 250, 500, 1000, 1500, 2000, 2500, 3000, 5000, 10_000, 30_000, 60_000,
];
/** How long a gap was open, ms: from one REST answer to an outage of hours. */
export const GAP_BOUNDS_MS: readonly number[] = [
  100, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000,
];

/** Counts durations; counting is two additions. */
export class DelayCounter {
  readonly #upToMs: readonly number[];
  readonly #counts: number[];
  readonly #sumsMs: number[];

  constructor(upToMs: readonly number[]) {
    this.#upToMs = upToMs;
    this.#counts = new Array<number>(upToMs.length + 1).fill(0);
    this.#sumsMs = [...this.#counts];
  }

  /** A negative duration, by clocks that differ a little, counts as none. */
  count(ms: number): void {
    const bucket = this.#upToMs.findIndex((upTo) => ms <= upTo);
    const at = bucket < 0 ? this.#upToMs.length : bucket;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sumsMs[at] = (this.#sumsMs[at] ?? 0) + Math.max(0, ms);
  }

  snapshot(): DelayHistogram {
    return { upToMs: this.#upToMs, counts: [...this.#counts], sumsMs: [...this.#sumsMs] };
  }
}
