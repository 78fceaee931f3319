import type { EpochMs } from '../../core/candle.ts';
import type { CandleClosed } from '../../core/events.ts';

/**
 * Where the series of a feed publish their candles, each once. A series that loses its last subscriber and gets another
 * begins anew with the slot that is running; a candle that the exchange has cut short may have been published already.
 */
export class CandleBus {
  readonly #publish: (event: CandleClosed) => void;
  /** Open time of the last candle published, by series. */
  readonly #last = new Map<string, EpochMs>();

  constructor(publish: (event: CandleClosed) => void) {
    this.#publish = publish;
  }

  publish(event: CandleClosed): void {
    const { symbol, interval, candle } = event;
    const series = `${symbol}@${interval}`;
    if (candle.timestamp <= (this.#last.get(series) ?? -Infinity)) return;
    this.#last.set(series, candle.timestamp);
    this.#publish(event);
  }
}
