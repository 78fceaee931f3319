import { throwError, type Observable, type Subscriber } from 'rxjs';
import { withSource, type Candle, type EpochMs } from '../../core/candle.ts';
import { FeedError } from '../../core/errors.ts';
import type { FeedStats } from '../feed-stats.ts';

/** One subscription of a series, as the series sees it: its own mark, its own exactly-once sequence. */
export interface Recipient {
  /** Local time at which `subscribe` was called. */
  readonly subscribedAt: number;
  /** Open time of the series' next candle at that moment: what is before it had closed already. */
  readonly notBefore: EpochMs;
  /** Open time of the first live candle it is owed; undefined while that is unknown. */
  readonly from: EpochMs | undefined;
  /** The live series will deliver from `from` on. `mark` is the candle that was running at `subscribe`. */
  begin(from: EpochMs, mark: EpochMs): void;
  /** A live candle in its turn, at or after `from`. */
  take(candle: Candle): void;
  fail(error: FeedError): void;
  /** The series has ended: completes after the last candle owed. */
  complete(): void;
  /** The feed is gone: completes at once, whatever is still owed. */
  cutOff(): void;
}

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
export class Delivery {
  lastTimestamp: EpochMs | undefined;
  readonly #subscriber: Subscriber<Candle>;
  readonly #options: DeliveryOptions;

  constructor(subscriber: Subscriber<Candle>, options: DeliveryOptions) {
    this.#subscriber = subscriber;
    this.#options = options;
  }

  /** Runs when the subscription ends, however it ends. */
  onStop(teardown: () => void): void {
    this.#subscriber.add(teardown);
  }

  /** One who has left while others were told gets nothing, and counts for nothing. */
  next(candle: Candle): void {
    if (this.#subscriber.closed) return;
    this.lastTimestamp = candle.timestamp;
    this.#options.stats.candles[candle.source] += 1;
    callHandler(() => {
      this.#subscriber.next(candle);
    }, this.#options);
  }

  /** An error of ours carries the last candle of this subscription. */
  error(error: unknown): void {
    const own = error instanceof FeedError ? error.after(this.lastTimestamp) : error;
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

/** A subscription from the running candle on. */
export class LiveRecipient implements Recipient {
  from: EpochMs | undefined;
  readonly subscribedAt: number;
  readonly notBefore: EpochMs;
  readonly #delivery: Delivery;

  constructor(delivery: Delivery, subscribedAt: number, notBefore: EpochMs) {
    this.#delivery = delivery;
    this.subscribedAt = subscribedAt;
    this.notBefore = notBefore;
  }

  begin(from: EpochMs): void {
    this.from = from;
  }

  take(candle: Candle): void {
    this.#delivery.next(candle);
  }

  fail(error: FeedError): void {
    this.#delivery.error(error);
  }

  complete(): void {
    this.#delivery.complete();
  }

  cutOff(): void {
    this.#delivery.complete();
  }
}

/** The past of one subscription. */
export interface Past {
  /** First live open time wanted, at or after `from`, if `since` lies later than the live candles begin. */
  liveFrom(from: EpochMs): EpochMs;
  /** Candles before `before`, oldest first. */
  until$(before: EpochMs): Observable<Candle>;
  /** Candles in [from, before), for a subscription that fell behind while it was warming up. */
  between$(from: EpochMs, before: EpochMs): Observable<Candle>;
}

/** Most live candles that wait for the past to be delivered. Beyond, they are forgotten and read again. */
export const MAX_QUEUED = 1000;

/** A subscription that begins in the past: live candles queue behind it. */
export class WarmRecipient implements Recipient {
  from: EpochMs | undefined;
  readonly subscribedAt: number;
  readonly notBefore: EpochMs;
  readonly #delivery: Delivery;
  readonly #past: Past;
  readonly #nextLive: () => EpochMs;
  #queue: Candle[] | undefined = [];
  #mark: EpochMs = Infinity;
  #before: EpochMs = Infinity;
  #ended = false;
  #begun = false;

  constructor(
    delivery: Delivery,
    {
      subscribedAt,
      notBefore,
      past,
      nextLive,
    }: { subscribedAt: number; notBefore: EpochMs; past: Past; nextLive: () => EpochMs },
  ) {
    this.#delivery = delivery;
    this.subscribedAt = subscribedAt;
    this.notBefore = notBefore;
    this.#past = past;
    this.#nextLive = nextLive;
  }

  begin(from: EpochMs, mark: EpochMs): void {
    this.from = this.#past.liveFrom(from);
    this.#mark = mark;
    this.#before = from;
  }

  /** Starts to read the past; later calls do nothing. */
  warmUp(before = this.#before): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#read(this.#past.until$(before), before);
  }

  take(candle: Candle): void {
    if (this.#queue === undefined) this.#delivery.next(candle);
    else if (this.#queue.length < MAX_QUEUED) this.#queue.push(candle);
    else {
      this.#queue = [];
      this.from = Infinity;
    }
  }

  fail(error: FeedError): void {
    this.#delivery.error(error);
  }

  complete(): void {
    this.#ended = true;
    if (this.#queue === undefined) this.#delivery.complete();
  }

  cutOff(): void {
    this.#delivery.complete();
  }

  #read(candles$: Observable<Candle>, before: EpochMs): void {
    const subscription = candles$.subscribe({
      next: (candle) => {
        this.#delivery.next(withSource(candle, candle.timestamp < this.#mark ? 'history' : 'backfill'));
      },
      error: (error: unknown) => {
        this.#delivery.error(error);
      },
      complete: () => {
        this.#caughtUp(before);
      },
    });
    this.#delivery.onStop(() => {
      subscription.unsubscribe();
    });
  }

  #caughtUp(before: EpochMs): void {
    if (this.from !== Infinity) {
      this.#drain();
      return;
    }
    this.from = this.#nextLive();
    this.#read(this.#past.between$(before, this.from), this.from);
  }

  #drain(): void {
    const queue = this.#queue ?? [];
    for (let candle = queue.shift(); candle !== undefined; candle = queue.shift()) this.#delivery.next(candle);
    this.#queue = undefined;
    if (this.#ended) this.#delivery.complete();
  }
}
