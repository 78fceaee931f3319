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

export interface RetryWithBackoffOptions<E = unknown> {
  /** Brings the waits. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Number in [0, 1) per call, for the jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** The wait after this error is at least so long, ms: what a server asked for, for instance. Default 0. */
  readonly leastDelayMs?: ((error: E) => number) | undefined;
  /** True for an error after which the count goes on although values came: a server that delivers and hangs up at once. */
  readonly countsOn?: ((error: E) => boolean) | undefined;
  /** Told before each wait. */
  readonly onRetry?:
    ((retry: { readonly attempt: number; readonly delayMs: number; readonly error: E }) => void) | undefined;
}

/**
 * Subscribes again after an error, waiting longer each time: the feed's reconnection policy as an operator.
 *
 * ```text
 * source        --1--# --# --# --2--#          (waits of 1, 2, 4 …)
 * result        --1------------------2-----…   (2 sets the count back)
 * ```
 *
 * The first value after each subscription sets the count back to 0. So a source that emits before it really works
 * (a status, an acknowledgement) is retried at the first delay for ever: let it emit nothing before data.
 *
 * Emits:     the source's values, of every subscription to it.
 * Errors:    with the source's last error, as it is, after `maxRetries` failures in a row; at once with an error of this
 *            library that retrying cannot mend (all but `ReconnectExhaustedError`).
 * Completes: with the source; a completion is not a failure.
 * Time:      `calculateBackoff(policy, n)` ms before the nth retry in a row, on `scheduler`; never at once, so a source
 *            that fails while being subscribed to does not deepen the stack.
 *
 * @param policy - fields left out have their defaults: 1 s, ×2, at most 60 s, 10 retries, jitter
 * @throws ConfigError when the policy cannot be used; lists every problem
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

/** Failures in a row: values set the count back. */
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

/** Our own errors say that a person must act, but for the one that says only that it took too long. */
function isWorthRetrying(error: unknown): boolean {
  return !isFeedError(error) || error.code === 'FEED_RECONNECT_EXHAUSTED';
}
