import type { Observable, SchedulerLike, Subscription } from 'rxjs';
import type { TimeSample } from '../../core/exchange-clock.ts';
import { after } from '../after.ts';
import { guardedObserver, type OnBug } from '../guarded.ts';

export interface TimeQuestionOptions {
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  /** Requests the exchange's time, once. */
  readonly askTime$: () => Observable<TimeSample>;
  readonly onAnswer: (sample: TimeSample) => void;
  /** The request failed. */
  readonly onFailed: (error: unknown) => void;
  /** A bug of ours in handling the result. */
  readonly onBug: OnBug;
}

/** Asks the exchange for its time: one request at a time, now or after a delay. */
export class TimeQuestion {
  readonly #options: TimeQuestionOptions;
  #asking: Subscription | undefined;
  #next: Subscription | undefined;
  /** Local time of the last request. */
  #lastAsked = -Infinity;

  constructor(options: TimeQuestionOptions) {
    this.#options = options;
  }

  /** How long ago the time was last asked for, ms; Infinity for never. */
  get ageMs(): number {
    return this.#options.scheduler.now() - this.#lastAsked;
  }

  get isAsked(): boolean {
    return this.#asking !== undefined;
  }

  ask(): void {
    if (this.isAsked) return;
    this.#next?.unsubscribe();
    const { askTime$, onAnswer, onFailed, onBug, scheduler } = this.#options;
    this.#lastAsked = scheduler.now();
    const observer = {
      next: (sample: TimeSample) => {
        this.#asking = undefined;
        onAnswer(sample);
      },
      error: (error: unknown) => {
        this.#asking = undefined;
        onFailed(error);
      },
      complete: () => {
        this.#asking = undefined;
      },
    };
    this.#asking = askTime$().subscribe(guardedObserver(observer, onBug));
    if (this.#asking.closed) this.#asking = undefined;
  }

  askLater(delayMs: number, ask: () => void): void {
    this.#next?.unsubscribe();
    this.#next = after(this.#options.scheduler, delayMs, ask);
  }

  stop(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
    this.#next?.unsubscribe();
    this.#lastAsked = -Infinity;
  }
}
