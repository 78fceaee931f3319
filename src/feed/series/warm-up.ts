import { EMPTY, Observable, concat, concatMap, map, of, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import { settledRows, type Answer } from '../../core/evidence.ts';
import type { Interval } from '../../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import type { Wait, Waits } from '../waits.ts';
import { lastRows$ } from './last-rows.ts';
import { SeriesRunner, type RunnerDeps } from './series-runner.ts';

export interface PastOptions {
  readonly symbol: string;
  readonly interval: Interval;
  readonly rules: SeriesRules;
  readonly deps: RunnerDeps;
  readonly scheduler: SchedulerLike;
  readonly waits: Waits;
  /** Open time at which the series ended; Infinity while it goes on. */
  readonly endsAt: () => EpochMs;
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
    const { symbol, interval, waits, endsAt } = options;
    const wait = waits.begin({ what: 'page of the past', symbol, interval });
    const listener = {
      onOutput: (output: SeriesOutput) => {
        noteProgress(wait, output);
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
    const runner = new SeriesRunner(
      options.deps,
      startSeries(options.rules, from, Math.min(before, endsAt())),
      listener,
    );
    options.runners.push(runner);
    subscriber.add(() => {
      options.runners.splice(options.runners.indexOf(runner), 1);
      runner.stop();
      wait.end();
    });
    runner.handle({ kind: 'wake' });
  });
}

function noteProgress(wait: Wait, output: SeriesOutput): void {
  if (output.kind === 'deliver' || output.kind === 'missing') wait.progress();
  else if (output.kind === 'gap opened') wait.because(output.reason);
}

/**
 * The last `count` closed candles with open time before `before`, in one array, fewer only if the exchange has fewer, and
 * then what follows them before `until`, one by one. Where the exchange shows no candle between them and `before`, as in a
 * pause, it may yet: those come one by one too.
 *
 * Emits:     one array of `count`, then arrays of one.
 * Errors:    GeoBlockedError; every other failure is waited out.
 * Completes: when every candle before `until` has come, or is proven missing.
 */
export function lastCandles$(
  count: number,
  { before, until }: { readonly before: EpochMs; readonly until: EpochMs },
  options: PastOptions,
): Observable<readonly Candle[]> {
  return lastRows$(count, before, options).pipe(
    concatMap(({ start, end, answers }) => {
      const last$ = collected$(past$(start, end, { ...options, deps: withAnswers(options, answers) }));
      // One machine reads on, so that a slot without a candle is told of wherever in it `before` lies.
      const rest$ = past$(end, until, options).pipe(map((candle) => [candle]));
      return concat(last$.pipe(map((candles) => candles.slice(-count))), end < until ? rest$ : EMPTY);
    }),
  );
}

/** A reader that hands out answers it has already, each once, before it asks the exchange. */
function withAnswers({ deps, rules }: PastOptions, answers: readonly Answer[]): RunnerDeps {
  const { reader } = deps;
  const left = [...answers];
  const read$ = (from: EpochMs, before: EpochMs, pages?: number): Observable<Answer> => {
    const at = left.findIndex((answer) => answer.from <= from && from < answer.before);
    const [answer] = at < 0 ? [] : left.splice(0, at + 1).slice(-1);
    const isOfUse = answer !== undefined && settledRows(answer, rules.settleMs).some((row) => row.timestamp >= from);
    return isOfUse ? of(answer) : reader.read$(from, before, pages);
  };
  return {
    ...deps,
    reader: {
      read$,
      newest$: (before, limit) => reader.newest$(before, limit),
      newestAnswer$: (newest) => reader.newestAnswer$(newest),
      firstOpen$: (known, enough) => reader.firstOpen$(known, enough),
    },
  };
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
