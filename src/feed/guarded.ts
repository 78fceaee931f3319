import type { Observer, SchedulerAction, SchedulerLike, Subscription } from 'rxjs';

/** Called with exceptions of our own code, never those of users' handlers. */
export type OnBug = (bug: unknown) => void;

/** An observer whose own exceptions go to `onBug`. RxJS would report them as uncaught, and the series would stall. */
export function guardedObserver<T>(observer: Observer<T>, onBug: OnBug): Observer<T> {
  return {
    next: (value) => {
      try {
        observer.next(value);
      } catch (bug) {
        onBug(bug);
      }
    },
    error: (error) => {
      try {
        observer.error(error);
      } catch (bug) {
        onBug(bug);
      }
    },
    complete: () => {
      try {
        observer.complete();
      } catch (bug) {
        onBug(bug);
      }
    },
  };
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
