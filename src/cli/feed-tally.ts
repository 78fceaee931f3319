import type { Feed } from '../index.ts';
import type { Fed } from '../log/nats/index.ts';
import { counted, secondOf } from './counted.ts';
import { Lateness } from './lateness.ts';

/** What a feeder has brought into a log so far, in one line. */
export class FeedTally {
  #series: number;
  readonly #lateness: Lateness;
  #stored = 0;
  #already = 0;

  constructor(series: number, feed: Pick<Feed, 'status$'>) {
    this.#series = series;
    this.#lateness = new Lateness(feed);
  }

  /** A series cannot be had. */
  leaveOut(): void {
    this.#series -= 1;
  }

  add({ candle, outcome }: Fed, now = Date.now()): void {
    if (outcome === 'stored') this.#stored += 1;
    else this.#already += 1;
    this.#lateness.add([candle], now);
  }

  /** `2026-01-31T12:01:00Z 120 candles of 2 series in the log: 70 stored by this feeder, 50 by others, at most 0.3 s after their close`. */
  line(now = Date.now()): string {
    const total = counted(this.#stored + this.#already, 'candle');
    const by = this.#already === 0 ? 'all stored by this feeder' : `${this.#stored} stored by this feeder, ${this.#already} by others`; // prettier-ignore
    return `${secondOf(now)} ${total} of ${this.#series} series in the log: ${by}${this.#lateness.text()}`;
  }
}
