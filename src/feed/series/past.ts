import { EMPTY, Observable, concat, concatMap, defer, finalize, map, of } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { settledRows, type Answer } from '../../core/evidence.ts';
import { startSeries, type SeriesOutput } from '../../core/series-state.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import type { Wait } from '../waits.ts';
import { lastRows$ } from './last-rows.ts';
import { exactlyOnce, type ExactlyOnceOptions } from './exactly-once.ts';
import type { PastOptions } from './past-options.ts';

/**
 * The closed candles with open time in [from, before), by the same operator as the live series.
 *
 * Emits:     each candle once, in rising open time, as soon as it is final.
 * Errors:    GeoBlockedError, or with a bug of ours; every other failure is waited out.
 * Completes: after the last of them.
 */
export function past$(from: EpochMs, before: EpochMs, options: PastOptions): Observable<Candle> {
  return defer(() => {
    const { symbol, interval, waits, endsAt, rules, signals$, commands, shared, reader } = options;
    const wait = waits.begin({ what: 'page of the past', symbol, interval });
    const machine: ExactlyOnceOptions = {
      shared,
      reader,
      start: startSeries(rules, from, Math.min(before, endsAt())),
      enter: (one) => commands.add(one),
      leave: (one) => commands.remove(one),
      endOf: ({ lastRow }) => lastRow,
      report: (output) => {
        noteProgress(wait, output);
        if (output.kind !== 'deliver' && output.kind !== 'done') options.report(output);
      },
    };
    return signals$.pipe(
      exactlyOnce(machine),
      finalize(() => {
        wait.end();
      }),
    );
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
      const last$ = collected$(past$(start, end, { ...options, reader: withAnswers(options, answers) }));
      // One machine reads on, so that a slot without a candle is told of wherever in it `before` lies.
      const rest$ = past$(end, until, options).pipe(map((candle) => [candle]));
      return concat(last$.pipe(map((candles) => candles.slice(-count))), end < until ? rest$ : EMPTY);
    }),
  );
}

/** A reader that hands out answers it has already, each once, before it asks the exchange. */
function withAnswers({ reader, rules }: PastOptions, answers: readonly Answer[]): CandleReader {
  const left = [...answers];
  const read$ = (from: EpochMs, before: EpochMs, pages?: number): Observable<Answer> => {
    const at = left.findIndex((answer) => answer.from <= from && from < answer.before);
    const [answer] = at < 0 ? [] : left.splice(0, at + 1).slice(-1);
    const isOfUse = answer !== undefined && settledRows(answer, rules.settleMs).some((row) => row.timestamp >= from);
    return isOfUse ? of(answer) : reader.read$(from, before, pages);
  };
  return {
    read$,
    newest$: (before, limit) => reader.newest$(before, limit),
    newestAnswer$: (newest) => reader.newestAnswer$(newest),
    firstOpen$: (known, enough) => reader.firstOpen$(known, enough),
    isTruncatedAt: (firstOpen) => reader.isTruncatedAt(firstOpen),
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
