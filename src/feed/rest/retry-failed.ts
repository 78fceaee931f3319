import { retry, throwError, timer, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { MarketDataError } from '../../ports/market-data.ts';

/** Asks again `everyMs` after a request failed, as often as it takes. Any other error is a bug, which waiting cannot mend. */
export function retryFailed<T>(everyMs: number, scheduler: SchedulerLike): MonoTypeOperatorFunction<T> {
  return retry({
    delay: (error: unknown) =>
      error instanceof MarketDataError ? timer(everyMs, scheduler) : throwError(() => error as Error),
  });
}
