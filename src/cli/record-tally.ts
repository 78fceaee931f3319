import type { Feed } from '../index.ts';
import { statusOf } from '../metrics/sources.ts';
import type { Recorded } from '../store/index.ts';

/** What a recording has brought so far, in one line. */
export class RecordTally {
  #series: number;
  readonly #feed: Pick<Feed, 'status$'>;
  #candles = 0;
  #gaps = 0;
  #revised = 0;
  /** Since the last line: the longest time from a close to its being stored. */
  #latest: number | undefined;

  constructor(series: number, feed: Pick<Feed, 'status$'>) {
    this.#series = series;
    this.#feed = feed;
  }

  /** A series cannot be had. */
  leaveOut(): void {
    this.#series -= 1;
  }

  add({ candles, gaps, revised }: Recorded, now = Date.now()): void {
    this.#candles += candles.length;
    this.#gaps += gaps.length;
    this.#revised += revised.length;
    const closes = candles.filter(({ source }) => source === 'stream').map(({ closeTime }) => closeTime);
    if (closes.length === 0) return;
    const late = now + (statusOf(this.#feed)?.clockOffsetMs ?? 0) - Math.min(...closes);
    this.#latest = Math.max(late, this.#latest ?? late);
  }

  /** `2026-01-31T12:01:00Z 120 candles of 2 series stored, none missing, at most 1.2 s after their close`. */
  line(now = Date.now()): string {
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
    const late = this.#latest === undefined ? '' : `, at most ${(this.#latest / 1000).toFixed(1)} s after their close`;
    this.#latest = undefined;
    const missing = this.#gaps === 0 ? 'none missing' : `${counted(this.#gaps, 'gap')} at the exchange`;
    const revised = this.#revised === 0 ? '' : `, ${this.#revised} revised`;
    return `${time} ${counted(this.#candles, 'candle')} of ${this.#series} series stored, ${missing}${revised}${late}`;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
