import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { LogError, type LogReason } from '../core/errors.ts';
import type { CandleLog } from '../ports/candle-log.ts';
import { FeedingCounts } from './counts/feeding-counts.ts';
import { LinkCounts } from './counts/link-counts.ts';
import { ReadingCounts } from './counts/reading-counts.ts';

/** What a log is called in metrics, and whose time counts. */
export interface LogCountsOptions {
  /** Default `CANDLES`. */
  readonly name?: string | undefined;
  /** Time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * What a program puts into a log and reads out of it, for metrics and health: `feedTo(…, { counts })`,
 * `closedCandlesOf$(…, { counts })`, then `registerMetrics(counts, register)` of `rx-candles/prometheus` or
 * `instrument(counts)` of `rx-candles/otel`, and `logHealthOf(counts)`. Counts until the log is closed.
 */
export class LogCounts {
  /** Of the log. */
  readonly name: string;
  /** The way to the log. */
  readonly link: LinkCounts;
  /** What `feedTo` does. */
  readonly feeding: FeedingCounts;
  /** What `closedCandlesOf$` and `closedCandlesOfMany$` do. */
  readonly reading: ReadingCounts;
  /** Errors that ended a feeder or a reader. */
  readonly errors: Record<Exclude<LogReason, 'closed'>, number> = {
    'not installed': 0, 'no JetStream': 0, 'no stream': 0, 'wrong rules': 0, 'old server': 0, refused: 0, hole: 0,
    'bad message': 0, unknown: 0,
  }; // prettier-ignore

  constructor(log: Pick<CandleLog, 'status$'>, options: LogCountsOptions = {}) {
    const { name = 'CANDLES', scheduler = asyncScheduler } = options;
    this.name = name;
    this.feeding = new FeedingCounts(scheduler);
    this.reading = new ReadingCounts(scheduler);
    this.link = new LinkCounts(scheduler);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- the status of a log never errors; it completes with the log
    log.status$.subscribe((status) => {
      this.link.see(status);
    });
  }

  fail(error: unknown): void {
    if (error instanceof LogError && error.reason !== 'closed') this.errors[error.reason] += 1;
  }
}
