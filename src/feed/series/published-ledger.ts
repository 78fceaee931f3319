import type { EpochMs } from '../../core/candle.ts';
import type { CandleClosed } from '../../core/events.ts';

/**
 * The last candle of each series that the bus has been told of. A series that loses its last subscriber and gets another
 * begins anew with the slot that is running; one that the exchange has cut short may have been told of already.
 */
export class PublishedLedger {
  readonly #last = new Map<string, EpochMs>();

  /** Whether a candle is news to the bus; it is not from then on. */
  add({ symbol, interval, candle }: CandleClosed): boolean {
    const series = `${symbol}@${interval}`;
    if (candle.timestamp <= (this.#last.get(series) ?? -Infinity)) return false;
    this.#last.set(series, candle.timestamp);
    return true;
  }
}
