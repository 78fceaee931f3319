import type { Feed } from '../index.ts';
import type { Recorded } from '../store/index.ts';
import { counted, secondOf } from './counted.ts';
import { Lateness } from './lateness.ts';

/** What a recording has brought so far, in one line. */
export class RecordTally {
  #series: number;
  readonly #lateness: Lateness;
  #candles = 0;
  #gaps = 0;
  #revised = 0;

  constructor(series: number, feed: Pick<Feed, 'status$'>) {
    this.#series = series;
    this.#lateness = new Lateness(feed);
  }

  /** A series cannot be had. */
  leaveOut(): void {
    this.#series -= 1;
  }

  add({ candles, gaps, revised }: Recorded, now = Date.now()): void {
    this.#candles += candles.length;
    this.#gaps += gaps.length;
    this.#revised += revised.length;
    this.#lateness.add(candles, now);
  }

  /** `2026-01-31T12:01:00Z 120 candles of 2 series stored, none missing, at most 1.2 s after their close`. */
  line(now = Date.now()): string {
    const missing = this.#gaps === 0 ? 'none missing' : `${counted(this.#gaps, 'gap')} at the exchange`;
    const revised = this.#revised === 0 ? '' : `, ${this.#revised} revised`;
    const stored = `${counted(this.#candles, 'candle')} of ${this.#series} series stored`;
    return `${secondOf(now)} ${stored}, ${missing}${revised}${this.#lateness.text()}`;
  }
}
