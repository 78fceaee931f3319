import type { SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';

/** A timer by the exchange's clock. */
export interface QueuedTimer {
  /** Kept by TimerQueue: the earliest entry in the queue for this timer. */
  queuedFor: EpochMs;
  /** When to wake; Infinity for never. */
  wakeAt: EpochMs;
  wake(): void;
}

interface Entry {
  readonly time: EpochMs;
  readonly timer: QueuedTimer;
}

/** Timers beyond this are cut short and set again: platforms overflow at 25 days, and clocks drift. */
const LONGEST_TIMER_MS = 600_000;
/** A timer set to a past time fires this much later, so that a mistake cannot cause a busy loop. */
const SHORTEST_SLEEP_MS = 2;

/**
 * One timer for all series. A timer that moves its deadline later costs nothing:
 * its entry stays where it is and is looked at again when its turn comes.
 */
export class TimerQueue {
  readonly #scheduler: SchedulerLike;
  readonly #exchangeNow: () => EpochMs;
  #heap: Entry[] = [];
  #live = 0;
  #timer: Subscription | undefined;
  #timerFor = Infinity;
  /** While timers fire, none fires again before this. */
  #notBefore: EpochMs = -Infinity;

  constructor(scheduler: SchedulerLike, exchangeNow: () => EpochMs) {
    this.#scheduler = scheduler;
    this.#exchangeNow = exchangeNow;
  }

  /** A timer joins. */
  add(): void {
    this.#live += 1;
  }

  /** A timer leaves. Its stale entries are removed once they make up most of the queue. */
  remove(timer: QueuedTimer): void {
    this.#live -= 1;
    timer.wakeAt = Infinity;
    if (this.#live === 0) this.#clear();
    else if (this.#heap.length > 64 && this.#heap.length > 4 * this.#live) this.#rebuild();
  }

  set(timer: QueuedTimer, wakeAt: EpochMs): void {
    timer.wakeAt = wakeAt;
    const time = Math.max(wakeAt, this.#notBefore);
    if (time >= timer.queuedFor) return;
    timer.queuedFor = time;
    push(this.#heap, { time, timer });
    this.#arm();
  }

  /** The estimate of the exchange's clock was corrected. */
  clockMoved(): void {
    this.#timerFor = Infinity;
    this.#arm();
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || (this.#timer !== undefined && first.time >= this.#timerFor)) return;
    this.#timer?.unsubscribe();
    this.#timerFor = first.time;
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(first.time - this.#exchangeNow())));
    this.#timer = this.#scheduler.schedule(() => {
      this.#timer = undefined;
      this.#fire();
    }, delayMs);
  }

  #fire(): void {
    const now = this.#exchangeNow();
    this.#notBefore = now + SHORTEST_SLEEP_MS;
    for (let first = this.#heap[0]; first !== undefined && first.time <= now; first = this.#heap[0]) {
      pop(this.#heap);
      if (first.timer.queuedFor === first.time) this.#fireOne(first.timer, now);
    }
    this.#notBefore = -Infinity;
    this.#arm();
  }

  #fireOne(timer: QueuedTimer, now: EpochMs): void {
    timer.queuedFor = Infinity;
    if (timer.wakeAt <= now) timer.wake();
    this.set(timer, timer.wakeAt);
  }

  #rebuild(): void {
    const kept = this.#heap.filter(({ time, timer }) => timer.queuedFor === time && timer.wakeAt < Infinity);
    this.#heap = kept.sort((a, b) => a.time - b.time);
  }

  #clear(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#heap = [];
  }
}

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (timeAt(heap, parent) <= timeAt(heap, at)) return;
    swap(heap, parent, at);
    at = parent;
  }
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ;) {
    const left = 2 * at + 1;
    const least = timeAt(heap, left + 1) < timeAt(heap, left) ? left + 1 : left;
    if (timeAt(heap, at) <= timeAt(heap, least)) return;
    swap(heap, at, least);
    at = least;
  }
}

const timeAt = (heap: readonly Entry[], at: number) => heap[at]?.time ?? Infinity;

function swap(heap: Entry[], a: number, b: number): void {
  const [x, y] = [heap[a], heap[b]];
  if (x === undefined || y === undefined) return;
  heap[a] = y;
  heap[b] = x;
}
