import {
  auditTime, buffer, catchError, concatMap, connect, EMPTY, endWith, filter, map, merge, of, scan, skipUntil, takeUntil, last,
  type Observable,
} from 'rxjs'; // prettier-ignore
import { isFeedError, type EventOf, type ResampleInterval } from '../../index.ts';
import { seriesOf, type EmptySlot, type SeriesKey, type StreamEvent } from '../wire.ts';
import { nextBatch, nothingSent } from './batch.ts';
import { emptySlots, WIDEST_HOLE } from './empty-slots.ts';
import { slotAfter, slotAt, sourcesOf, toChartInterval } from './intervals.ts';
import type { ChartFeed, Wanted } from './live-candles.ts';
import type { SharedSeries } from './shared-series.ts';

/** Updates of one series reach a page at most this often, ms. */
const BATCH_MS = 200;

export interface EventsContext {
  readonly feed: ChartFeed;
  readonly shared: SharedSeries;
}

/**
 * What one page hears of one series.
 *
 * Emits:     `points`; `trouble` or `ended` at most once, as the last of its candles.
 * Errors:    never.
 * Completes: never, so that other series of the page go on.
 *
 * @param mark - open time of the last closed candle that the page has; undefined: none
 */
export function seriesEvents$(
  { feed, shared }: EventsContext,
  key: SeriesKey,
  mark: number | undefined,
): Observable<StreamEvent> {
  let wanted: Wanted;
  try {
    wanted = wantedOf(key);
  } catch (error) {
    return of(troubleOf(key, error));
  }
  return candleEvents$(shared, { key, wanted, mark }).pipe(
    connect((events$) =>
      // The first candles may begin the page anew: what is told of holes comes behind them.
      merge(
        events$,
        holeEvents$(feed, key, wanted).pipe(skipUntil(events$), takeUntil(events$.pipe(last(null, null)))),
      ),
    ),
    catchError((error: unknown) => of(troubleOf(key, error))),
  );
}

/** @throws UnsupportedIntervalError */
export function wantedOf(key: SeriesKey): Wanted {
  const { symbol, interval } = seriesOf(key);
  return { symbol, interval: toChartInterval(interval) };
}

function troubleOf(series: SeriesKey, error: unknown): StreamEvent {
  const code = isFeedError(error) ? error.code : 'FEED_INTERNAL';
  return { type: 'trouble', data: { series, code, message: error instanceof Error ? error.message : String(error) } };
}

interface OnePage {
  readonly key: SeriesKey;
  readonly wanted: Wanted;
  readonly mark: number | undefined;
}

function candleEvents$(shared: SharedSeries, { key, wanted, mark }: OnePage): Observable<StreamEvent> {
  return shared.candles$(wanted).pipe(
    connect((updates$) => updates$.pipe(buffer(updates$.pipe(auditTime(BATCH_MS))))),
    filter((updates) => updates.length > 0),
    scan((sent, updates) => nextBatch(sent, updates, wanted.interval), nothingSent(mark)),
    filter(({ points, restart }) => points.length > 0 || restart),
    map(({ points, restart }): StreamEvent => ({ type: 'points', data: { series: key, restart, points } })),
    endWith<StreamEvent>({ type: 'ended', data: { series: key } }),
  );
}

/** Slots that are being fetched, or that the exchange lacks, as the feed tells of them. */
function holeEvents$(feed: ChartFeed, series: SeriesKey, { symbol, interval }: Wanted): Observable<StreamEvent> {
  const [source] = sourcesOf(interval);
  const slots$ = merge(feed.bus.on('GAP_OPENED'), feed.bus.on('CANDLE_MISSING')).pipe(
    filter((event) => event.interval === source && event.symbol.toUpperCase() === symbol.toUpperCase()),
    map((event) => slotsOf(event, interval)),
  );
  return slots$.pipe(
    concatMap((points) => (points.length === 0 ? EMPTY : of(points))),
    map((points): StreamEvent => ({ type: 'points', data: { series, restart: false, points } })),
  );
}

function slotsOf(event: EventOf<'GAP_OPENED' | 'CANDLE_MISSING'>, interval: ResampleInterval): readonly EmptySlot[] {
  const why = event.type === 'GAP_OPENED' ? 'fetching' : 'missing';
  const first = { timestamp: slotAt(event.from, interval), hole: why } as const;
  const before = slotAfter(slotAt(event.to, interval), interval);
  return [first, ...emptySlots({ after: event.from, before, why }, interval)].slice(-WIDEST_HOLE);
}
