import { throwError, type Subscriber } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { toFeedError } from '../../core/errors.ts';
import type { FeedStats } from '../feed-stats.ts';

export interface DeliveryOptions {
  readonly stats: FeedStats;
  /** Local time now, ms; monotonic. */
  readonly localNow: () => number;
}

/**
 * Calls a subscriber's code and counts its time. What it throws past RxJS, such as a `finalize` callback does, is reported
 * as RxJS reports what handlers throw, and stops nobody else.
 */
export function callHandler(call: () => void, { stats, localNow }: DeliveryOptions): void {
  const before = localNow();
  try {
    call();
  } catch (error) {
    throwError(() => error as Error).subscribe();
  }
  stats.countHandler(localNow() - before);
}

/** Hands candles to a subscriber, counting them and the time its handlers take. */
export class Delivery<T extends Candle = Candle> {
  lastTimestamp: EpochMs | undefined;
  readonly #subscriber: Subscriber<T>;
  readonly #shape: (candle: Candle) => T;
  readonly #options: DeliveryOptions;

  /** @param shape - what the subscriber is given of a candle */
  constructor(subscriber: Subscriber<T>, shape: (candle: Candle) => T, options: DeliveryOptions) {
    this.#subscriber = subscriber;
    this.#shape = shape;
    this.#options = options;
  }

  /** Runs when the subscription ends, however it ends. */
  onStop(teardown: () => void): void {
    this.#subscriber.add(teardown);
  }

  /** A subscriber that left while others were being notified gets nothing and is not counted. */
  next(candle: Candle): void {
    if (this.#subscriber.closed) return;
    this.lastTimestamp = candle.timestamp;
    this.#options.stats.candles[candle.source] += 1;
    callHandler(() => {
      this.#subscriber.next(this.#shape(candle));
    }, this.#options);
  }

  /** Every error carries the last candle of this subscription. */
  error(error: unknown): void {
    const own = toFeedError(error).after(this.lastTimestamp);
    callHandler(() => {
      this.#subscriber.error(own);
    }, this.#options);
  }

  complete(): void {
    callHandler(() => {
      this.#subscriber.complete();
    }, this.#options);
  }
}
