import type { Observer, SchedulerAction, SchedulerLike, Subscription } from 'rxjs';

/** Called with exceptions of our own code, never those of users' handlers. */
export type OnBug = (bug: unknown) => void;

/**
 * An observer whose own exceptions go to `onBug`, by default to its own `error`. RxJS would report them as uncaught, and the
 * series would stall.
 */
export function guardedObserver<T>(observer: Observer<T>, onBug?: OnBug): Observer<T> {
  return new GuardedObserver(observer, onBug);
}

/** One object: three closures would take four times the memory. */
class GuardedObserver<T> implements Observer<T> {
  readonly #observer: Observer<T>;
  readonly #onBug: OnBug | undefined;

  constructor(observer: Observer<T>, onBug: OnBug | undefined) {
    this.#observer = observer;
    this.#onBug = onBug;
  }

  next(value: T): void {
    try {
      this.#observer.next(value);
    } catch (bug) {
      this.#fail(bug);
    }
  }

  error(error: unknown): void {
    try {
      this.#observer.error(error);
    } catch (bug) {
      this.#fail(bug);
    }
  }

  complete(): void {
    try {
      this.#observer.complete();
    } catch (bug) {
      this.#fail(bug);
    }
  }

  #fail(bug: unknown): void {
    if (this.#onBug === undefined) this.#observer.error(bug);
    else this.#onBug(bug);
  }
}

/** The same scheduler; what its work throws goes to `onBug`, not to the process. */
export function guardedScheduler(scheduler: SchedulerLike, onBug: OnBug): SchedulerLike {
  return {
    now: () => scheduler.now(),
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs = 0, state?: T): Subscription =>
      scheduler.schedule(
        function (this: SchedulerAction<T>, given?: T) {
          try {
            work.call(this, given);
          } catch (bug) {
            onBug(bug);
          }
        },
        delayMs,
        state,
      ),
  };
}
