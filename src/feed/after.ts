import { Subscription, type SchedulerLike } from 'rxjs';

/** The longest delay a timer of the platform keeps; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Does `work` once, `delayMs` from now, unless unsubscribed. */
export function after(scheduler: SchedulerLike, delayMs: number, work: () => void): Subscription {
  return scheduler.schedule(
    () => {
      work();
    },
    Math.min(LONGEST_DELAY_MS, Math.max(0, delayMs)),
  );
}

/**
 * Does `work` every `periodMs` until unsubscribed. A new timer each time: one that schedules itself again grows a chain
 * of subscriptions in virtual time.
 */
export function every(scheduler: SchedulerLike, periodMs: number, work: () => void): Subscription {
  const running = new Subscription();
  const next = (): void => {
    const timer = after(scheduler, periodMs, () => {
      running.remove(timer);
      work();
      if (!running.closed) next();
    });
    running.add(timer);
  };
  next();
  return running;
}
