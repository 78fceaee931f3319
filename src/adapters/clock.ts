import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/**
 * Real time that never jumps: `now()` is ms of the machine's monotonic clock, which nobody sets.
 * It may stand still while the machine sleeps; the exchange's frames tell when it did.
 */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs = 0, state?: T): Subscription =>
    asyncScheduler.schedule(work, delayMs, state),
};

/** What this machine believes the time to be, ms UTC. For telling the user how far off it is, never for a deadline. */
export const wallClockNow = (): number => Date.now();
