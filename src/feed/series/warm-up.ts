import { EMPTY, Observable, defer, expand, takeLast, map, mergeMap, of, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import { nextOpenTime, openTimeAt, SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import { retryFailed } from '../rest/retry-failed.ts';
import { SeriesRunner, type RunnerDeps } from './series-runner.ts';

export interface PastOptions {
  readonly interval: Interval;
  readonly rules: SeriesRules;
  readonly deps: RunnerDeps;
  readonly scheduler: SchedulerLike;
  /** Runners that would like to hear of closes from the stream too. */
  readonly runners: SeriesRunner[];
  /** What the bus should hear of: holes the exchange has, waiting. */
  readonly report: (output: SeriesOutput) => void;
  readonly geoBlocked: () => FeedError;
}

/**
 * The closed candles with open time in [from, before), by the same state machine as the live series.
 *
 * Emits:     each candle once, in rising open time, as soon as it is final.
 * Errors:    GeoBlockedError, or with a bug of ours; every other failure is waited out.
 * Completes: after the last of them.
 */
export function past$(from: EpochMs, before: EpochMs, options: PastOptions): Observable<Candle> {
  return new Observable((subscriber) => {
    const listener = {
      onOutput: (output: SeriesOutput) => {
        if (output.kind === 'deliver') subscriber.next(output.candle);
        else if (output.kind === 'done') subscriber.complete();
        else options.report(output);
      },
      onGeoBlocked: () => {
        subscriber.error(options.geoBlocked());
      },
      onBug: (bug: unknown) => {
        subscriber.error(bug);
      },
    };
    const runner = new SeriesRunner(options.deps, startSeries(options.rules, from, before), listener);
    options.runners.push(runner);
    subscriber.add(() => {
      options.runners.splice(options.runners.indexOf(runner), 1);
      runner.stop();
    });
    runner.handle({ kind: 'wake' });
  });
}

/**
 * The last `count` closed candles with open time before `before`, in one array; fewer only if the exchange has fewer.
 * Counting back by the calendar finds too few where the exchange lacks candles: then it looks further back.
 */
export function lastCandles$(count: number, before: EpochMs, options: PastOptions): Observable<readonly Candle[]> {
  interface Found {
    readonly candles: readonly Candle[];
    readonly from: EpochMs;
    readonly complete: boolean;
  }
  const enough = (candles: readonly Candle[], from: EpochMs, complete: boolean): Found => ({
    candles: candles.slice(-count),
    from,
    complete: complete || candles.length >= count,
  });
  const further$ = ({ candles, from }: Found): Observable<Found> =>
    firstOpen$(options, candles[0]?.timestamp ?? Infinity).pipe(
      mergeMap((firstOpen) => {
        const { interval } = options;
        // The first candle of all may be off the grid.
        const start = Math.max(openTimeAt(firstOpen, interval, from), back(from, count - candles.length, interval));
        if (start >= from) return of(enough(candles, from, true));
        return collected$(past$(start, from, options)).pipe(
          map((older) => enough([...older, ...candles], start, false)),
        );
      }),
    );
  const start = back(before, count, options.interval);
  return collected$(past$(start, before, options)).pipe(
    map((candles) => enough(candles, start, false)),
    expand((found) => (found.complete ? EMPTY : further$(found))),
    takeLast(1),
    map(({ candles }) => candles),
  );
}

/** The first open time the exchange has, however long it takes to find out; not after `known`, which it has. */
function firstOpen$({ deps, scheduler }: PastOptions, known: EpochMs): Observable<EpochMs> {
  return defer(() => deps.reader.firstOpen$()).pipe(
    map((openTime) => {
      if (openTime > known) throw new MarketDataError('malformed', 'the search missed a candle that is known');
      return openTime;
    }),
    retryFailed(1000, scheduler),
  );
}

function collected$(candles$: Observable<Candle>): Observable<readonly Candle[]> {
  return new Observable((subscriber) => {
    const candles: Candle[] = [];
    return candles$.subscribe({
      next: (candle) => candles.push(candle),
      error: (error: unknown) => {
        subscriber.error(error);
      },
      complete: () => {
        subscriber.next(candles);
        subscriber.complete();
      },
    });
  });
}

/** The open time `count` candles before `openTime`, which is on the grid; never before the epoch. */
export function back(openTime: EpochMs, count: number, interval: Interval): EpochMs {
  if (interval !== '1M') return firstFromEpoch(openTime - count * SHORTEST_LENGTH_MS[interval], interval, openTime);
  const date = new Date(openTime);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - count, 1);
  return start > 0 ? start : 0; // also where it is too far back for a Date, which then is no number
}

function firstFromEpoch(openTime: EpochMs, interval: Interval, gridPoint: EpochMs): EpochMs {
  return openTime >= 0 ? openTime : nextOpenTime(openTimeAt(-1, interval, gridPoint), interval);
}
