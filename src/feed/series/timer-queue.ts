import type { SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { TimerHeap, type HeapItem } from './timer-heap.ts';

/** A timer by the exchange's clock. */
export interface QueuedTimer extends HeapItem {
  /** When to wake; Infinity for never. */
  wakeAt: EpochMs;
  wake(): void;
}

/** Timers beyond this are cut short and set again: platforms overflow at 25 days, and clocks drift. */
const LONGEST_TIMER_MS = 600_000;
/** A timer set to a past time fires this much later, so that a mistake cannot cause a busy loop. */
const SHORTEST_SLEEP_MS = 2;

/**
 * One timer for all series. A timer that moves its deadline later costs nothing:
 * it stays queued for the earlier time and is looked at again when its turn comes.
 */
export class TimerQueue {
  readonly #scheduler: SchedulerLike;
  readonly #exchangeNow: () => EpochMs;
  readonly #heap = new TimerHeap<QueuedTimer>();
  #timer: Subscription | undefined;
  #timerFor = Infinity;
  /** While timers fire, none fires again before this. */
  #notBefore: EpochMs = -Infinity;

  constructor(scheduler: SchedulerLike, exchangeNow: () => EpochMs) {
    this.#scheduler = scheduler;
    this.#exchangeNow = exchangeNow;
  }

  /** A timer leaves. */
  remove(timer: QueuedTimer): void {
    timer.wakeAt = Infinity;
    this.#heap.delete(timer);
    if (this.#heap.first === undefined) this.#disarm();
  }

  set(timer: QueuedTimer, wakeAt: EpochMs): void {
    timer.wakeAt = wakeAt;
    const time = Math.max(wakeAt, this.#notBefore);
    if (time >= timer.queuedFor) return;
    this.#heap.put(timer, time);
    this.#arm();
  }

  /** The estimate of the exchange's clock was corrected. */
  clockMoved(): void {
    this.#timerFor = Infinity;
    this.#arm();
  }

  #arm(): void {
    const { first } = this.#heap;
    if (first === undefined || (this.#timer !== undefined && first.queuedFor >= this.#timerFor)) return;
    this.#disarm();
    this.#timerFor = first.queuedFor;
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(first.queuedFor - this.#exchangeNow())));
    this.#timer = this.#scheduler.schedule(() => {
      this.#timer = undefined;
      this.#fire();
    }, delayMs);
  }

  #disarm(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  #fire(): void {
    const now = this.#exchangeNow();
    this.#notBefore = now + SHORTEST_SLEEP_MS;
    for (let { first } = this.#heap; first !== undefined && first.queuedFor <= now; { first } = this.#heap)
      this.#fireOne(first, now);
    this.#notBefore = -Infinity;
    this.#arm();
  }

  #fireOne(timer: QueuedTimer, now: EpochMs): void {
    this.#heap.delete(timer);
    if (timer.wakeAt <= now) timer.wake();
    this.set(timer, timer.wakeAt);
  }
}
