import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import { WarmRecipient, type Recipient } from './recipient.ts';

/** Everybody who subscribed to one series. A handler may subscribe or unsubscribe anybody while being notified. */
export class Recipients {
  #all: readonly Recipient[] = [];
  #isOver = false;

  /** All were told that this is the end. Who subscribes now, perhaps while others are being told, needs a new series. */
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

  /** `concat` leaves no room for more, unlike a spread: most series have one recipient, and there are thousands of series. */
  add(recipient: Recipient): void {
    this.#all = this.#all.concat(recipient);
  }

  delete(recipient: Recipient): void {
    this.#all = this.#all.filter((other) => other !== recipient);
  }

  forEach(tell: (recipient: Recipient) => void): void {
    this.#all.forEach(tell);
  }

  deliver(candle: Candle): void {
    for (const recipient of this.#all) {
      if (recipient.from !== undefined && candle.timestamp >= recipient.from) recipient.take(candle);
    }
  }

  /** Those who asked for the past, and know where it ends, may read it now. */
  warmUp(): void {
    for (const recipient of this.#all) {
      if (recipient instanceof WarmRecipient && recipient.from !== undefined) recipient.warmUp();
    }
  }

  /** The series ended before it began to run: the past up to `until` is all there is. */
  finish(until: EpochMs): void {
    this.#isOver = true;
    for (const recipient of this.#all) {
      recipient.begin(until, Infinity);
      if (recipient instanceof WarmRecipient) recipient.warmUp();
      recipient.complete();
    }
  }

  /** @param error - one of ours, or what a bug threw */
  fail(error: unknown): void {
    this.#isOver = true;
    for (const recipient of this.#all) recipient.fail(error);
  }

  /** Fails those who did not ask for the past. */
  failLive(error: FeedError): void {
    for (const recipient of this.#all) if (!(recipient instanceof WarmRecipient)) recipient.fail(error);
  }

  complete(): void {
    this.#isOver = true;
    for (const recipient of this.#all) recipient.complete();
  }

  cutOff(): void {
    for (const recipient of this.#all) recipient.cutOff();
  }
}
