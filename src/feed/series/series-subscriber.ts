import type { Observable } from 'rxjs';
import { withSource, type Candle, type EpochMs } from '../../core/candle.ts';
import { guardedObserver } from '../guarded.ts';
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
  readonly wantsHistory = false;
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

/** The past of one subscription. */
export interface SubscriberHistory {
  /** First live open time wanted, at or after `from`, if `since` lies later than the live candles begin. */
  liveFrom(from: EpochMs): EpochMs;
  /** Candles before `before`, oldest first. */
  until$(before: EpochMs): Observable<Candle>;
  /** Candles in [from, before), for a subscription that fell behind while it was warming up. */
  between$(from: EpochMs, before: EpochMs): Observable<Candle>;
  /** What opens before this is warm-up; what opens later was missed. `mark` is the candle that was running at `subscribe`. */
  warmUpEnd(mark: EpochMs): EpochMs;
}

export interface WarmOptions {
  readonly subscribedAt: number;
  readonly notBefore: EpochMs;
  readonly past: SubscriberHistory;
  readonly nextLive: () => EpochMs;
  /** The past, and what closed meanwhile, have been delivered. */
  readonly onCaughtUp?: () => void;
}

/** Most live candles that wait for the past to be delivered. Beyond, they are forgotten and read again. */
export const MAX_QUEUED = 1000;

/** A subscription that begins in the past: live candles queue behind it. */
export class HistorySubscriber implements SeriesSubscriber {
  readonly wantsHistory = true;
  from: EpochMs | undefined;
  readonly subscribedAt: number;
  readonly notBefore: EpochMs;
  readonly #delivery: Delivery;
  readonly #past: SubscriberHistory;
  readonly #nextLive: () => EpochMs;
  readonly #onCaughtUp: () => void;
  #queue: Candle[] | undefined = [];
  /** Live candles were dropped: they are read again. */
  #hasOverflowed = false;
  #warmUpEnd: EpochMs = Infinity;
  #before: EpochMs = Infinity;
  #ended = false;
  #begun = false;

  constructor(delivery: Delivery, { subscribedAt, notBefore, past, nextLive, onCaughtUp }: WarmOptions) {
    this.#delivery = delivery;
    this.subscribedAt = subscribedAt;
    this.notBefore = notBefore;
    this.#past = past;
    this.#nextLive = nextLive;
    this.#onCaughtUp = onCaughtUp ?? (() => undefined);
  }

  begin(from: EpochMs, mark: EpochMs): void {
    this.from = this.#past.liveFrom(from);
    this.#warmUpEnd = this.#past.warmUpEnd(mark);
    this.#before = from;
  }

  warmUp(): void {
    if (this.#begun) return;
    this.#begun = true;
    const before = this.#before;
    this.#read(this.#past.until$(before), Math.max(before, this.from ?? before));
  }

  owed(next: EpochMs): EpochMs | undefined {
    return this.#queue === undefined && this.from !== undefined ? Math.max(this.from, next) : undefined;
  }

  take(candle: Candle): void {
    if (this.#queue === undefined) this.#delivery.next(candle);
    else if (this.#hasOverflowed) return;
    else if (this.#queue.length < MAX_QUEUED) this.#queue.push(candle);
    else {
      this.#queue = [];
      this.#hasOverflowed = true;
    }
  }

  fail(error: unknown): void {
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
    const fail = (error: unknown): void => {
      this.#delivery.error(error);
    };
    const observer = {
      next: (candle: Candle) => {
        this.#delivery.next(withSource(candle, candle.timestamp < this.#warmUpEnd ? 'history' : 'backfill'));
      },
      error: fail,
      complete: () => {
        this.#caughtUp(before);
      },
    };
    const subscription = candles$.subscribe(guardedObserver(observer, fail));
    this.#delivery.onStop(() => {
      subscription.unsubscribe();
    });
  }

  #caughtUp(before: EpochMs): void {
    if (!this.#hasOverflowed) {
      this.#drain();
      return;
    }
    this.#hasOverflowed = false;
    this.from = this.#nextLive();
    this.#read(this.#past.between$(before, this.from), this.from);
  }

  #drain(): void {
    const queue = this.#queue ?? [];
    for (let candle = queue.shift(); candle !== undefined; candle = queue.shift()) this.#delivery.next(candle);
    this.#queue = undefined;
    if (this.#ended) this.#delivery.complete();
    else this.#onCaughtUp();
  }
}
