import type { Observable } from 'rxjs';
import { withSource, type Candle, type EpochMs } from '../../core/candle.ts';
import { guardedObserver } from '../guarded.ts';
import type { Delivery } from './delivery.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';

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

  get queued(): number | undefined {
    return this.#queue?.length;
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
