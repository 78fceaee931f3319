import {
  asyncScheduler,
  defer,
  from,
  mergeMap,
  retry,
  switchMap,
  tap,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { calculateBackoff } from '../core/backoff.ts';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { ConfigError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { CandleLog, CandleSeries } from '../ports/candle-log.ts';
import { keyOf, seriesIn } from '../venues/series-key.ts';
import { FeedAgain, appendInOrder, type Fed } from './append-in-order.ts';
import { FeedingCounts } from './counts/feeding-counts.ts';
import type { LogCounts } from './log-counts.ts';

/** The member of a `Feed` that is needed here. */
export interface LiveCandles {
  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle>;
}

/** Where series begin of which the log has nothing, and what waits while it is away. */
export interface FeedToOptions {
  /** How many past candles a series begins with of which nothing is stored. Default 0. */
  readonly history?: number | undefined;
  /** After which time a series begins of which nothing is stored, ms UTC or a Date. Default: with the running candle. */
  readonly since?: EpochMs | Date | undefined;
  /** Most candles of a series that wait while the log is away; then they are dropped, and read again. Default 100. */
  readonly maxWaiting?: number | undefined;
  /** Is told what is done, for metrics. Default none. */
  readonly counts?: LogCounts | undefined;
  /** Time between attempts. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Between attempts to go on from the end of the log, ms. */
const RETRY = { initialDelayMs: 100, maxDelayMs: 5000, multiplier: 2, jitter: true };
const MAX_WAITING = 100;

/**
 * Stores the closed candles of some series in a log. Any number of programs may do so beside each other: each candle is
 * stored once, whoever is first, and none is left out. Each series goes on where the log ends, so that a program that was
 * killed or stood still, and a log that lost its end, leave no hole: what is missing is read from the exchange again.
 *
 * Emits:     each candle once the log has it, `stored` by this program or `already` there.
 * Errors:    as `Feed.closedCandles$`; LogError; ConfigError for a series that is not of this feed. Subscribe again, and it
 *            goes on. A log that cannot be reached is waited for (`log.status$`).
 * Completes: when all series have.
 */
// eslint-disable-next-line max-params -- where to, from where and what; options come last everywhere
export function feedTo(
  log: CandleLog,
  feed: LiveCandles,
  series: CandleSeries | readonly CandleSeries[],
  options: FeedToOptions = {},
): Observable<Fed> {
  const { counts } = options;
  return from(seriesIn(series)).pipe(
    mergeMap((one) => fedSeries$({ log, feed }, one, options)),
    tap({ error: (error: unknown) => counts?.fail(error) }),
  );
}

interface Between {
  readonly log: CandleLog;
  readonly feed: LiveCandles;
}

function fedSeries$({ log, feed }: Between, series: CandleSeries, options: FeedToOptions): Observable<Fed> {
  const { history, since, maxWaiting = MAX_WAITING, scheduler = asyncScheduler } = options;
  const counts = options.counts?.feeding ?? new FeedingCounts(scheduler);
  const again$ = (error: unknown, attempt: number): Observable<unknown> => {
    if (!(error instanceof FeedAgain)) return throwError(() => error as Error);
    counts.conflicts[error.reason] += 1;
    return timer(calculateBackoff(RETRY, attempt), scheduler);
  };
  return defer(() => {
    // Should the log lose all it has, it gets again what this program knows of.
    let first: EpochMs | undefined;
    return defer(() => log.tail(series)).pipe(
      switchMap((tail) => {
        first ??= tail?.timestamp;
        const begun = tail?.timestamp ?? (first === undefined ? undefined : first - 1);
        const beginning = begun === undefined ? { history, since } : { since: begun };
        return feed.closedCandles$(series.symbol, series.interval, beginning).pipe(
          tap((candle) => {
            checkSeries(candle, series);
            first ??= candle.timestamp;
          }),
          appendInOrder(log, { after: tail?.timestamp, maxWaiting, counts }),
        );
      }),
      retry({ delay: again$, resetOnSuccess: true }),
    );
  });
}

function checkSeries(candle: Candle, series: CandleSeries): void {
  if (keyOf(candle) === keyOf(series)) return;
  throw new ConfigError([`series: ${keyOf(series)} is ${keyOf(candle)} in this feed`]);
}
