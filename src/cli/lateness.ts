import type { Candle, Feed } from '../index.ts';
import { statusOf } from '../metrics/sources.ts';

/** How long after their close candles were kept, since it was last asked; by the exchange's clock. */
export class Lateness {
  readonly #feed: Pick<Feed, 'status$'>;
  #longestMs: number | undefined;

  constructor(feed: Pick<Feed, 'status$'>) {
    this.#feed = feed;
  }

  /** Candles that were fetched are not late, they were missed. */
  add(candles: readonly Candle[], now = Date.now()): void {
    const closes = candles.filter(({ source }) => source === 'stream').map(({ closeTime }) => closeTime);
    if (closes.length === 0) return;
    const late = now + (statusOf(this.#feed)?.clockOffsetMs ?? 0) - Math.min(...closes);
    this.#longestMs = Math.max(late, this.#longestMs ?? late);
  }

  /** `, at most 1.2 s after their close`, or nothing where nothing came. */
  text(): string {
    const longestMs = this.#longestMs;
    this.#longestMs = undefined;
    return longestMs === undefined ? '' : `, at most ${(longestMs / 1000).toFixed(1)} s after their close`;
  }
}
