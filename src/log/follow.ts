import { defer, filter, identity, map, retry, tap, throwError, timer, type Observable, type SchedulerLike } from 'rxjs';
import { calculateBackoff } from '../core/backoff.ts';
import { withSource, type Candle, type EpochMs } from '../core/candle.ts';
import { LogError, toFeedError } from '../core/errors.ts';
import { LogInterrupted } from '../core/log-interrupted.ts';
import type { CandleLog, SeriesPattern } from '../ports/candle-log.ts';
import { keyOf } from '../venues/series-key.ts';
import type { ReaderCounts } from './counts/reading-counts.ts';
import { LogHole, ReadPosition, TailAhead, type ReadBeginning } from './read-position.ts';

/** What is read, and whose time counts. */
export interface Reading {
  readonly log: CandleLog;
  readonly patterns: readonly SeriesPattern[];
  readonly scheduler: SchedulerLike;
  /** Is told what is read. */
  readonly reader?: ReaderCounts | undefined;
}

/** Where reading begins, and up to where it is warm-up, by the keys of series. */
export interface FollowFrom extends ReadBeginning {
  readonly warmUpTo: ReadonlyMap<string, EpochMs>;
}

/** Between attempts to read again: from a quarter of a second to five. */
const RETRY = { initialDelayMs: 250, maxDelayMs: 5000, multiplier: 2, jitter: true };

/** Each candle from the beginning on, once, in order within its series, however often reading has to begin again. */
export function follow$(reading: Reading, from: FollowFrom): Observable<Candle> {
  const { log, patterns, scheduler, reader } = reading;
  return defer(() => {
    const position = new ReadPosition(from);
    const subscribedAt = scheduler.now();
    return defer(() => log.read$(patterns, position.start())).pipe(
      map((signal) => {
        const candle = position.take(signal, { subscribedAt, waitedMs: scheduler.now() - subscribedAt });
        reader?.see(signal);
        return candle && labelled(candle, from, position.isLive);
      }),
      filter((candle) => candle !== undefined),
      reader === undefined ? identity : tap((candle) => reader.deliver(candle)),
      readAgain((hole) => position.isLasting(hole), reading),
    );
  });
}

/**
 * What was warm-up, or closed while the reader was away, is told; live it is what the feeder saw. The warm-up of a feeder
 * that is only just filling the log is not that of its readers.
 */
function labelled(candle: Candle, { warmUpTo }: FollowFrom, isLive: boolean): Candle {
  if (warmUpTo.size > 0 && candle.timestamp <= (warmUpTo.get(keyOf(candle)) ?? -Infinity))
    return withSource(candle, 'history');
  return isLive && candle.source !== 'history' ? candle : withSource(candle, 'backfill');
}

/** Subscribes again to what broke off, and once to what has a hole. */
export function readAgain<T>(
  isLasting: (hole: LogHole) => boolean,
  { scheduler, reader }: Pick<Reading, 'scheduler' | 'reader'>,
): (source$: Observable<T>) => Observable<T> {
  const again$ = (error: unknown, attempt: number) => {
    if (error instanceof TailAhead) return timer(0, scheduler);
    if (error instanceof LogInterrupted) {
      reader?.repair('interrupted');
      return timer(calculateBackoff(RETRY, attempt), scheduler);
    }
    if (!(error instanceof LogHole)) return throwError(() => toFeedError(error));
    if (isLasting(error)) return throwError(() => holeError(error));
    reader?.repair('hole');
    return timer(0, scheduler);
  };
  return retry({ delay: again$, resetOnSuccess: true });
}

function holeError({ key, mark, entry: { candle, previous } }: LogHole): LogError {
  const after = timeOf(mark?.after ?? 0);
  const what =
    previous === null
      ? `the log begins with ${timeOf(candle.timestamp)}, after ${after}, from which on it was to be read`
      : `the candles after ${after} up to ${timeOf(previous)} are not in the log (any more)`;
  return new LogError('hole', key, { what: `${what}; read what is there with { since: 0 }, or let the log keep more` });
}

function timeOf(time: EpochMs): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'its beginning';
}
