import { defer, mergeMap, timer, type MonoTypeOperatorFunction, type Observable, type SchedulerLike } from 'rxjs';
import { slidingWindow } from '../../core/pacing.ts';
import type { StreamProtocol } from '../../ports/stream-protocol.ts';

/** When the next connection attempt may be made, over all connections and feeds: the venue counts them by address. */
export interface ConnectRateLimiter {
  /** How long to wait, in whole ms since timers truncate fractions. Planned attempts leave a fifth of the budget to recovery. */
  waitMs(now: number, planned?: boolean): number;
  take(now: number): void;
  /** The venue requires a pause (`Retry-After`). */
  holdUntil(time: number): void;
}

export function connectRateLimiter({ limit, windowMs }: StreamProtocol['limits']['connects']): ConnectRateLimiter {
  const window = slidingWindow(limit, windowMs);
  const reserve = Math.floor(limit / 5);
  let heldUntil = -Infinity;
  return {
    waitMs: (now, planned = false) =>
      Math.ceil(Math.max(window.waitMs(now, planned ? reserve : 0), heldUntil - now, 0)),
    take(now) {
      window.take(now);
    },
    holdUntil(time) {
      heldUntil = Math.max(heldUntil, time);
    },
  };
}

/** Subscribes to the source as soon as the venue allows one more connection attempt. */
export function waitForConnect<T>(connects: ConnectRateLimiter, scheduler: SchedulerLike): MonoTypeOperatorFunction<T> {
  return (source$) => {
    const attempt$: Observable<T> = defer((): Observable<T> => {
      const waitMs = connects.waitMs(scheduler.now());
      if (waitMs > 0) return timer(waitMs, scheduler).pipe(mergeMap(() => attempt$));
      connects.take(scheduler.now());
      return source$;
    });
    return attempt$;
  };
}

/** One limiter per host, for all feeds of one process and one clock; attempts outlive the feed that made them. */
export class SharedConnectLimits {
  readonly #limiters = new Map<string, ConnectRateLimiter>();

  take({ limits }: StreamProtocol, endpoint: string): ConnectRateLimiter {
    const { host } = new URL(endpoint);
    const limiter = this.#limiters.get(host) ?? connectRateLimiter(limits.connects);
    this.#limiters.set(host, limiter);
    return limiter;
  }
}
