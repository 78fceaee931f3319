import { catchError, connect, defer, filter, last, merge, switchMap, takeUntil, throwError, timeout, type Observable } from 'rxjs'; // prettier-ignore
import { isFeedError, type Feed, type Interval, type ResampleInterval } from '../../index.ts';
import { partsIn, sourcesOf } from './intervals.ts';
import { lengthen, type LiveCandle } from './lengthen.ts';

/** Rows that are read to make candles that the exchange does not have. */
const MOST_PARTS = 20_000;
/** Behind a gap, without an update for this long, it is looked whether another candle is running meanwhile, ms. */
const QUIET_MS = 1000;

export type ChartFeed = Pick<Feed, 'candles$' | 'closedCandles$' | 'bus' | 'status$' | 'symbols'>;

export interface Wanted {
  readonly symbol: string;
  readonly interval: ResampleInterval;
}

/**
 * The last closed candles of a series of any interval, then every update.
 *
 * Emits:     as `candles$`; while a gap is being fetched also updates of the running candle behind it.
 * Errors:    as `candles$`.
 * Completes: as `candles$`.
 *
 * @param count - how many closed candles come first
 */
export function liveCandles$(feed: ChartFeed, { symbol, interval }: Wanted, count: number): Observable<LiveCandle> {
  return fromBest$(interval, (source) =>
    source === interval
      ? feed
          .candles$(symbol, source, { history: count })
          .pipe(connect((own$) => merge(own$, behindGaps$(feed, symbol, source).pipe(takeUntil(endOf$(own$))))))
      : feed.candles$(symbol, source, { history: partsFor(interval, source, count) }).pipe(lengthen(interval)),
  );
}

/** Tries the sources of an interval in turn, until the exchange has one; the error is that of the first. */
export function fromBest$<T>(
  interval: ResampleInterval,
  open$: (source: Interval) => Observable<T>,
  sources: readonly Interval[] = sourcesOf(interval),
): Observable<T> {
  const [source, ...others] = sources;
  if (source === undefined) return throwError(() => new RangeError(`no candles fit into ${interval}`));
  return open$(source).pipe(
    catchError((error: unknown) => {
      const isUnsupported = isFeedError(error) && error.code === 'FEED_UNSUPPORTED_INTERVAL';
      return isUnsupported && others.length > 0 ? fromBest$(interval, open$, others) : throwError(() => error as Error);
    }),
  );
}

/** How many candles to read for so many longer ones. */
export function partsFor(interval: ResampleInterval, source: Interval, count: number): number {
  const parts = partsIn(interval, source) ?? 1;
  return parts * Math.max(1, Math.min(count, Math.floor(MOST_PARTS / parts)));
}

/** `candles$` holds later updates back while a gap is fetched; a subscription that begins behind the gap need not wait. */
function behindGaps$(feed: ChartFeed, symbol: string, interval: Interval): Observable<LiveCandle> {
  const isOurs = (one: { readonly symbol: string; readonly interval: Interval }): boolean =>
    one.symbol.toUpperCase() === symbol.toUpperCase() && one.interval === interval;
  const filled$ = feed.bus.on('GAP_FILLED').pipe(filter(isOurs));
  // When the candle that is running has closed, those after it wait too: then from the one on that is running now.
  const running$: Observable<LiveCandle> = defer(() =>
    feed.candles$(symbol, interval).pipe(
      filter(({ closed }) => !closed),
      timeout({ each: QUIET_MS, with: () => running$ }),
    ),
  );
  // A gap is told again while it lasts.
  return feed.bus.on('GAP_OPENED').pipe(
    filter(isOurs),
    switchMap(() => running$.pipe(takeUntil(filled$))),
  );
}

function endOf$(source$: Observable<unknown>): Observable<unknown> {
  return source$.pipe(last(null, null));
}
