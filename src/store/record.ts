import {
  asyncScheduler,
  bufferTime,
  concatAll,
  concatMap,
  defer,
  dematerialize,
  filter,
  finalize,
  from,
  map,
  materialize,
  mergeMap,
  switchMap,
  type Observable,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import type { Candle } from '../core/candle.ts';
import type { ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { ConfigError } from '../core/errors.ts';
import { gapBetween } from '../core/gap.ts';
import type { Interval } from '../core/interval.ts';
import type { Appended, CandleSeries, CandleStore, Revision, SeriesGap } from '../ports/candle-store.ts';
import { GapReasons, type MissingEvents } from './gap-reasons.ts';
import { anything, checkOptions, count, milliseconds, size } from './check-options.ts';
import { seriesIn } from '../venues/series-key.ts';

/** The members of a `Feed` that are needed here. */
export interface LiveCandles {
  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle>;
  /** Says why candles are missing; without it, gaps are stored without a reason. */
  readonly bus?: MissingEvents | undefined;
}

/** How much of the past is recorded, and how often it is written. */
export interface RecordOptions {
  /** How many past candles a series begins with of which nothing is stored. Default 0. */
  readonly history?: number | undefined;
  /** How long a candle waits for others to be written with, ms. Default 1000. */
  readonly batchMs?: number | undefined;
  /** Most candles written at once. Default 500. */
  readonly batchSize?: number | undefined;
  /** Time of `batchMs`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** What has become durable together. */
export interface Recorded {
  /** Candles that were not stored before, as they came. */
  readonly candles: readonly Candle[];
  /** Ranges before some of them that the exchange lacks. */
  readonly gaps: readonly SeriesGap[];
  /** Candles with other values than those stored, which were kept. */
  readonly revised: readonly Revision[];
  /** From the arrival of the first of them to their being durable, ms. */
  readonly lagMs: number;
}

/** A candle, and the gaps between it and its predecessor: one, or one for each reason. */
interface Arrival {
  readonly candle: Candle;
  readonly gaps: readonly SeriesGap[];
  readonly at: number;
}

const OPTIONS = { history: count, batchMs: milliseconds, batchSize: size, scheduler: anything };

const BATCH_MS = 1000;
const BATCH_SIZE = 500;

/**
 * Stores the closed candles of some series, and the gaps that the exchange has between them. Each series goes on after the
 * last candle stored of it, so that a program that was killed, at whatever moment, leaves no hole and repeats nothing.
 *
 * Emits:     what has become durable, batch by batch: by then it survives the loss of power.
 * Errors:    as `Feed.closedCandles$`, once what came before it is durable; StoreError; ConfigError for bad options, and for
 *            a series that is not of this feed. Nothing that was durable is lost: subscribe again, and it goes on.
 * Completes: when all series have.
 * Unsubscribing leaves at most `batchMs` unwritten, which the next subscription fetches.
 */
// eslint-disable-next-line max-params -- what, from where and to where; options come last everywhere
export function record(
  feed: LiveCandles,
  series: CandleSeries | readonly CandleSeries[],
  store: CandleStore,
  options: RecordOptions = {},
): Observable<Recorded> {
  const { batchMs = BATCH_MS, batchSize = BATCH_SIZE, scheduler = asyncScheduler } = options;
  const series$ = defer(() => {
    checkOptions(options, OPTIONS);
    return from(seriesIn(series));
  });
  return series$.pipe(
    mergeMap((one) => arrivals$(feed, store, { series: one, history: options.history })),
    map((arrival) => ({ ...arrival, at: scheduler.now() })),
    // The end, too, waits behind what came before it.
    materialize(),
    bufferTime(batchMs, null, batchSize, scheduler),
    filter((batch) => batch.length > 0),
    concatMap((batch) => durable(batch, store, scheduler)),
    concatAll(),
    dematerialize(),
  );
}

type Beginning = { readonly series: CandleSeries; readonly history: number | undefined };

function arrivals$(
  feed: LiveCandles,
  store: CandleStore,
  { series, history }: Beginning,
): Observable<Omit<Arrival, 'at'>> {
  const { symbol, interval } = series;
  return defer(() => store.last(series)).pipe(
    switchMap((last) => {
      const beginning = last === undefined ? { history } : { since: last.timestamp };
      const reasons = new GapReasons(series, feed.bus);
      return feed.closedCandles$(symbol, interval, beginning).pipe(
        map(withGapsAfter(last, series, reasons)),
        finalize(() => {
          reasons.stop();
        }),
      );
    }),
  );
}

/** No candle of the exchange is missing between two that are delivered one after the other: a hole between them is its own. */
function withGapsAfter(
  last: Candle | undefined,
  series: CandleSeries,
  reasons: GapReasons,
): (candle: Candle) => Omit<Arrival, 'at'> {
  let before = last;
  return (candle) => {
    if (candle.venue !== series.venue || candle.symbol !== series.symbol) throw foreign(series, candle);
    const grid = { interval: series.interval, gridPoint: candle.timestamp };
    const gap = before && gapBetween(before.timestamp, candle.timestamp, grid);
    before = candle;
    return { candle, gaps: gap === undefined ? [] : reasons.of(gap).map((part) => ({ ...series, ...part })) };
  };
}

function foreign({ venue, symbol }: CandleSeries, candle: Candle): ConfigError {
  return new ConfigError([`series: ${symbol} of ${venue} is ${candle.symbol} of ${candle.venue} in this feed`]);
}

type Notice<T> = ObservableNotification<T>;

/** The candles of a batch as one notification of what became durable, and the end if there was one. */
async function durable(
  batch: readonly Notice<Arrival>[],
  store: CandleStore,
  scheduler: SchedulerLike,
): Promise<readonly Notice<Recorded>[]> {
  const arrivals = batch.flatMap((notice) => (notice.kind === 'N' ? [notice.value] : []));
  const end = batch.flatMap((notice) => (notice.kind === 'N' ? [] : [notice]));
  const appended = await store.append(
    arrivals.map(({ candle }) => candle),
    arrivals.flatMap(({ gaps }) => gaps),
  );
  const lagMs = scheduler.now() - Math.min(...arrivals.map(({ at }) => at));
  return isNothing(appended) ? end : [{ kind: 'N', value: recordedOf(appended, lagMs) }, ...end];
}

function isNothing({ added, gaps, revised }: Appended): boolean {
  return added.length + gaps.length + revised.length === 0;
}

function recordedOf({ added: candles, gaps, revised }: Appended, lagMs: number): Recorded {
  return { candles, gaps, revised, lagMs };
}
