import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/**
 * Real time that never jumps: `now()` is ms of the machine's monotonic clock, which nobody sets.
 * It may stop while the machine sleeps; the exchange's frames reveal that.
 */
export const monotonicScheduler: SchedulerLike = {
  now: () => performance.now(),
  schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delayMs = 0, state?: T): Subscription =>
    asyncScheduler.schedule(work, delayMs, state),
};

/** The machine's wall clock, ms UTC. Only for reporting its offset to the user, never for a deadline. */
export const wallClockNow = (): number => Date.now();
