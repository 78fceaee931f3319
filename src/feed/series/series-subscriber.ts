import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Delivery } from './delivery.ts';

/** One subscription of a series, as the series sees it: its own mark, its own exactly-once sequence. */
export interface SeriesSubscriber {
  /** Local time at which `subscribe` was called. */
  readonly subscribedAt: number;
  /** Open time of the series' next candle at that moment: what is before it had closed already. */
  readonly notBefore: EpochMs;
  /** Open time of the first live candle it is owed; undefined while that is unknown. */
  readonly from: EpochMs | undefined;
  /** Whether it begins with candles of the past. */
  readonly wantsHistory: boolean;
  /** Starts to read the past, if any is wanted; later calls do nothing. */
  warmUp(): void;
  /** The live series will deliver from `from` on. `mark` is the candle that was running at `subscribe`. */
  begin(from: EpochMs, mark: EpochMs): void;
  /**
   * Open time of the next candle it is owed, where the series delivers `next` next: all before it has been given to it.
   * Undefined while that is unknown, or older candles are still on their way.
   */
  owed(next: EpochMs): EpochMs | undefined;
  /** Live candles that wait until its past has been delivered; undefined once it has. */
  readonly queued: number | undefined;
  /** A live candle in its turn, at or after `from`. */
  take(candle: Candle): void;
  /** @param error - one of ours, or what a bug threw */
  fail(error: unknown): void;
  /** The series has ended: completes after the last candle owed. */
  complete(): void;
  /** The feed is gone: completes at once, whatever is still owed. */
  cutOff(): void;
}

/** A subscription from the running candle on. */
export class LiveSubscriber implements SeriesSubscriber {
  from: EpochMs | undefined;
  readonly subscribedAt: number;
  readonly notBefore: EpochMs;
  readonly #delivery: Delivery;

  constructor(delivery: Delivery, subscribedAt: number, notBefore: EpochMs) {
    this.#delivery = delivery;
    this.subscribedAt = subscribedAt;
    this.notBefore = notBefore;
  }

  get wantsHistory(): boolean {
    return false;
  }

  get queued(): undefined {
    return undefined;
  }

  begin(from: EpochMs): void {
    this.from = from;
  }

  warmUp(): void {
    // There is nothing to read.
  }

  owed(next: EpochMs): EpochMs | undefined {
    return this.from === undefined ? undefined : Math.max(this.from, next);
  }

  take(candle: Candle): void {
    this.#delivery.next(candle);
  }

  fail(error: unknown): void {
    this.#delivery.error(error);
  }

  complete(): void {
    this.#delivery.complete();
  }

  cutOff(): void {
    this.#delivery.complete();
  }
}
