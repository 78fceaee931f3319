import type { EpochMs } from '../../core/candle.ts';
import type { CandleClosed } from '../../core/events.ts';
import { keyOf, type SeriesName } from './series-name.ts';

/**
 * Where the series of a feed publish their candles, each once. A series that loses its last subscriber and gets another
 * begins anew with the slot that is running; a candle that the exchange has cut short may have been published already.
 */
export class CandleBus {
  readonly #publish: (event: CandleClosed) => void;
  /** Open time of the last candle published of each series that was left. */
  readonly #left = new Map<string, EpochMs>();

  constructor(publish: (event: CandleClosed) => void) {
    this.#publish = publish;
  }

  publish(event: CandleClosed): void {
    if (event.candle.timestamp > this.#leftAt(event)) this.#publish(event);
  }

  /** A series has lost its last subscriber; null where nothing was published of it. */
  leave(series: SeriesName, lastTimestamp: EpochMs | null): void {
    if (lastTimestamp !== null) this.#left.set(keyOf(series), Math.max(lastTimestamp, this.#leftAt(series)));
  }

  #leftAt(series: SeriesName): EpochMs {
    return this.#left.size === 0 ? -Infinity : (this.#left.get(keyOf(series)) ?? -Infinity);
  }
}
