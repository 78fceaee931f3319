import {
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  finalize,
  from,
  map,
  mergeMap,
  tap,
  throwError,
  toArray,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import { checkBeginning, type ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { DEFAULTS } from '../core/defaults.ts';
import { toFeedError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import type { CandleLog, CandleSeries, LogEntry, SeriesPattern } from '../ports/candle-log.ts';
import { keyOf } from '../venues/series-key.ts';
import type { Mark } from './chain.ts';
import { follow$, type FollowFrom, type Reading } from './follow.ts';
import { historyMark$, tails$ } from './history-mark.ts';
import type { LogCounts } from './log-counts.ts';
import { patternsIn } from './pattern.ts';

/** Where reading one series begins. With neither `history` nor `since`: with what closes after the subscription. */
export interface LoggedCandlesOptions extends ClosedCandlesOptions {
  /** Whose candles. Default `'binance-usdm'`. */
  readonly venue?: VenueId | undefined;
  /** Is told what is read, for metrics. Default none. */
  readonly counts?: LogCounts | undefined;
  /** Time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** The last candle that was handled of a series; a `Candle` is one. */
export interface SeriesMark extends CandleSeries {
  /** Its open time, ms UTC. */
  readonly timestamp: EpochMs;
}

/** Where reading many series begins. */
export interface ManyLoggedCandlesOptions {
  /** The last `n` closed candles of each series that the log has. */
  readonly history?: number | undefined;
  /**
   * Every candle after this time; or the last candles handled, one of each series, as a program keeps them. A series that is
   * not among them begins after the oldest of them.
   */
  readonly since?: EpochMs | Date | readonly SeriesMark[] | undefined;
  /** Is told what is read, for metrics. Default none. */
  readonly counts?: LogCounts | undefined;
  /** Time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * The closed candles of one series out of the log: the same frozen `Candle`s as those of a feed, each exactly once, in
 * rising open time, none missing between two, for any number of readers. Nobody needs the exchange for it.
 *
 * Emits:     with `history` or `since` what is stored, then candles as they are stored.
 * Errors:    LogError: `hole` when the log does not have (any more) what follows `since`; `lastTimestamp` is the open time of
 *            the last candle delivered. ConfigError. A log that cannot be reached is waited for (`log.status$`).
 * Completes: when the log is closed.
 */
// eslint-disable-next-line max-params -- as closedCandles$ of a feed, and where from
export function closedCandlesOf$(
  log: CandleLog,
  symbol: string,
  interval: Interval,
  options: LoggedCandlesOptions = {},
): Observable<Candle> {
  const { venue = DEFAULTS.venue, scheduler = asyncScheduler, counts, ...beginning } = options;
  return defer(() => {
    const { since, history } = checkBeginning(beginning);
    const patterns = patternsIn({ venue, symbol, interval });
    return counted$(
      { log, patterns, scheduler },
      { history, marks: new Map(), others: othersAfter(since, false) },
      counts,
    );
  }).pipe(withLastTimestamp());
}

/**
 * The closed candles of many series out of the log, by one reader: those that are named, or all that have something in
 * common, such as `{ venue: 'okx', interval: '1m' }`, those included that begin later. Each series is in order and complete
 * by itself; between series candles come in the order of storing.
 *
 * Emits, errors, completes as `closedCandlesOf$`. A series that began after `since` is delivered from its beginning on.
 */
export function closedCandlesOfMany$(
  log: CandleLog,
  series: SeriesPattern | readonly SeriesPattern[],
  options: ManyLoggedCandlesOptions = {},
): Observable<Candle> {
  const { since, history, scheduler = asyncScheduler, counts } = options;
  return defer(() => {
    const patterns = patternsIn(series);
    const begun = Array.isArray(since) ? undefined : checkBeginning({ since: since as EpochMs | Date | undefined });
    const { history: count } = checkBeginning({ history });
    const from =
      begun === undefined
        ? behindMarks(since as readonly SeriesMark[])
        : { marks: new Map<string, Mark>(), others: othersAfter(begun.since, true) };
    return counted$({ log, patterns, scheduler }, { ...from, history: count }, counts);
  }).pipe(withLastTimestamp());
}

type Others = FollowFrom['others'];

/** @param mayBegin - whether a series may have begun later, with nothing lost before */
function othersAfter(since: EpochMs | undefined, mayBegin: boolean): Others {
  if (since === undefined) return 'tail';
  return since === 0 ? undefined : { after: since, mayBegin };
}

function behindMarks(marks: readonly SeriesMark[]): Pick<FollowFrom, 'marks' | 'others'> {
  if (marks.length === 0) return { marks: new Map(), others: 'tail' };
  for (const { timestamp } of marks) checkBeginning({ since: timestamp });
  const oldest = Math.min(...marks.map(({ timestamp }) => timestamp));
  const after = marks.map((mark) => [keyOf(mark), { after: mark.timestamp, mayBegin: false }] as const);
  return { marks: new Map(after), others: { after: oldest, mayBegin: true } };
}

interface Beginning extends Pick<FollowFrom, 'marks' | 'others'> {
  readonly history: number;
}

function counted$(reading: Reading, beginning: Beginning, counts: LogCounts | undefined): Observable<Candle> {
  if (counts === undefined) return candlesFrom$(reading, beginning);
  const reader = counts.reading.begin(reading.patterns);
  return candlesFrom$({ ...reading, reader }, beginning).pipe(
    tap({ error: (error: unknown) => counts.fail(error) }),
    finalize(() => counts.reading.end(reader)),
  );
}

function candlesFrom$(reading: Reading, { history, marks, others }: Beginning): Observable<Candle> {
  if (history === 0) return follow$(reading, { marks, others, warmUpTo: new Map() });
  return tails$(reading).pipe(
    concatMap((tails) => warmUp$(reading, { history, marks, others }, tails)),
    concatMap((warm) => follow$(reading, warm)),
  );
}

/** Series whose histories are looked for at once. */
const AT_ONCE = 8;

function warmUp$(
  reading: Reading,
  { history, marks, others }: Beginning,
  tails: readonly LogEntry[],
): Observable<FollowFrom> {
  return from(tails).pipe(
    mergeMap(({ candle }) => {
      const { venue, symbol, interval, timestamp, closeTime } = candle;
      const key = keyOf(candle);
      const given = marks.get(key) ?? others;
      const warmUpTo = given === undefined || given === 'tail' ? timestamp : given.after;
      const wanted = { count: history, upTo: Math.min(warmUpTo, timestamp), lengthMs: closeTime + 1 - timestamp };
      return historyMark$(reading, { venue, symbol, interval }, wanted).pipe(map((mark) => ({ key, warmUpTo, mark })));
    }, AT_ONCE),
    toArray(),
    map((found) => ({
      others,
      marks: new Map([...marks, ...found.map(({ key, mark }) => [key, mark] as const)]),
      warmUpTo: new Map(found.map(({ key, warmUpTo }) => [key, warmUpTo])),
    })),
  );
}

/** Where to go on after an error. */
function withLastTimestamp(): (source$: Observable<Candle>) => Observable<Candle> {
  return (source$) =>
    defer(() => {
      let last: EpochMs | undefined;
      return source$.pipe(
        tap(({ timestamp }) => (last = timestamp)),
        catchError((error: unknown) => throwError(() => toFeedError(error).after(last))),
      );
    });
}
