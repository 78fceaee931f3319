import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import type { Observer } from 'rxjs';
import type { SeriesSubscriber } from './series-subscriber.ts';

/** Everybody who subscribed to one series. A handler may subscribe or unsubscribe anybody while being notified. */
export class SeriesSubscribers implements Observer<Candle> {
  #all: readonly SeriesSubscriber[] = [];
  #isOver = false;

  /** All subscribers have been completed or failed. A later subscriber needs a new series. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Local time of the first subscription that is still here; Infinity for none. */
  get firstSubscribedAt(): number {
    return Math.min(...this.#all.map(({ subscribedAt }) => subscribedAt));
  }

  /** Local time of the last subscription that is still here; -Infinity for none. */
  get lastSubscribedAt(): number {
    return Math.max(...this.#all.map(({ subscribedAt }) => subscribedAt));
  }

  /** Live candles that wait for somebody's past; undefined where nobody reads any. */
  get queued(): number | undefined {
    const queues = this.#all.flatMap(({ queued }) => queued ?? []);
    return queues.length === 0 ? undefined : queues.reduce((sum, queued) => sum + queued, 0);
  }

  /** `concat` allocates no spare room, unlike a spread: most of thousands of series have one subscriber. */
  add(subscriber: SeriesSubscriber): void {
    this.#all = this.#all.concat(subscriber);
  }

  delete(subscriber: SeriesSubscriber): void {
    this.#all = this.#all.filter((other) => other !== subscriber);
  }

  forEach(tell: (subscriber: SeriesSubscriber) => void): void {
    this.#all.forEach(tell);
  }

  /** A live candle, for everybody it is owed to. */
  next(candle: Candle): void {
    for (const subscriber of this.#all) {
      if (subscriber.from !== undefined && candle.timestamp >= subscriber.from) subscriber.take(candle);
    }
  }

  /** Those who asked for the past, and know where it ends, may read it now. */
  warmUp(): void {
    for (const subscriber of this.#all) {
      if (subscriber.from !== undefined) subscriber.warmUp();
    }
  }

  /** The series ended before it began to run: the past up to `until` is all there is. */
  finish(until: EpochMs): void {
    this.#isOver = true;
    for (const subscriber of this.#all) {
      subscriber.begin(until, Infinity);
      subscriber.warmUp();
      subscriber.complete();
    }
  }

  /** @param error - one of ours, or what a bug threw */
  error(error: unknown): void {
    this.#isOver = true;
    for (const subscriber of this.#all) subscriber.fail(error);
  }

  /** Fails those who did not ask for the past. */
  failLive(error: FeedError): void {
    for (const subscriber of this.#all) if (!subscriber.wantsHistory) subscriber.fail(error);
  }

  complete(): void {
    this.#isOver = true;
    for (const subscriber of this.#all) subscriber.complete();
  }

  cutOff(): void {
    for (const subscriber of this.#all) subscriber.cutOff();
  }
}
