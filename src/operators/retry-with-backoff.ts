import {
  asyncScheduler,
  defer,
  retry,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { calculateBackoff, completePolicy, type ReconnectOptions } from '../core/backoff.ts';
import { ConfigError, isFeedError } from '../core/errors.ts';
import { reconnectProblems } from '../core/settings.ts';

/** When to try again, and what waiting goes by. */
export interface RetryWithBackoffOptions<E = unknown> {
  /** Schedules the delays. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Number in [0, 1) per call, for the jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Minimum delay after this error, ms, such as a server's `Retry-After`. Default 0. */
  readonly leastDelayMs?: ((error: E) => number) | undefined;
  /** True if the counter must not reset on this error although values came: a server that delivers and disconnects at once. */
  readonly countsOn?: ((error: E) => boolean) | undefined;
  /** Called before each delay. */
  readonly onRetry?:
    ((retry: { readonly attempt: number; readonly delayMs: number; readonly error: E }) => void) | undefined;
}

/**
 * Subscribes again after an error, waiting longer each time: the feed's reconnection policy as an operator.
 *
 * ```text
 * source        --1--# --# --# --2--#          (waits of 1, 2, 4 …)
 * result        --1------------------2-----…   (2 resets the counter)
 * ```
 *
 * The first value after each subscription resets the counter to 0. So a source that emits before it really works
 * (a status, an acknowledgement) is retried at the first delay forever: let it emit nothing before data.
 *
 * Emits:     the source's values, of every subscription to it.
 * Errors:    with the source's last error, as it is, after `maxRetries` failures in a row; at once with an error of this
 *            library that retrying cannot fix (all but `ReconnectExhaustedError`).
 * Completes: with the source; a completion is not a failure.
 * Time:      `calculateBackoff(policy, n)` ms before the nth retry in a row, on `scheduler`; never at once, so a source
 *            that fails while being subscribed to does not deepen the stack.
 *
 * @param policy - missing fields have their defaults: 1 s, ×2, at most 60 s, 10 retries, jitter
 * @throws ConfigError if the policy is invalid; lists every problem
 */
export function retryWithBackoff<T, E = unknown>(
  policy: ReconnectOptions = {},
  options: RetryWithBackoffOptions<E> = {},
): MonoTypeOperatorFunction<T> {
  const problems = reconnectProblems(policy);
  if (problems.length > 0) throw new ConfigError(problems);
  const { maxRetries } = completePolicy(policy);
  const { scheduler = asyncScheduler, random, leastDelayMs, countsOn, onRetry } = options;

  const delayAfter = (error: E, attempt: number): number => {
    const delayMs = Math.max(calculateBackoff(policy, attempt, random), leastDelayMs?.(error) ?? 0);
    onRetry?.({ attempt, delayMs, error });
    return delayMs;
  };
  return (source$) =>
    defer(() => {
      const count = new AttemptCount();
      return source$.pipe(
        tap(() => {
          count.delivered = true;
        }),
        retry({
          delay: (error: unknown) => {
            const { attempt, isFailure } = count.next(countsOn?.(error as E) ?? false);
            const isLast = attempt > maxRetries && (isFailure || maxRetries < 1);
            return isLast || !isWorthRetrying(error)
              ? throwError(() => error as Error)
              : timer(delayAfter(error as E, attempt), scheduler);
          },
        }),
      );
    });
}

/** Failures in a row; values reset the counter. */
class AttemptCount {
  delivered = false;
  #attempt = 0;

  next(countsOn: boolean): { readonly attempt: number; readonly isFailure: boolean } {
    const isFailure = !this.delivered;
    this.#attempt = isFailure || countsOn ? this.#attempt + 1 : 1;
    this.delivered = false;
    return { attempt: this.#attempt, isFailure };
  }
}

/** Our own errors need the user's action, except the one that only means that it took too long. */
function isWorthRetrying(error: unknown): boolean {
  return !isFeedError(error) || error.code === 'FEED_RECONNECT_EXHAUSTED';
}
