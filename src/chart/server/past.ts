import { firstValueFrom, from, map, switchMap, take, takeUntil, takeWhile, toArray, type Observable } from 'rxjs';
import { resample } from '../../index.ts';
import type { ChartCandle, Past, Point } from '../wire.ts';
import { toChartCandle } from './batch.ts';
import { emptySlots, withEmptySlots } from './empty-slots.ts';
import { fromBest$, partsFor, type ChartFeed, type Wanted } from './live-candles.ts';

export interface PastRequest {
  readonly wanted: Wanted;
  /** Open time of the oldest candle that the page has. */
  readonly before: number;
  readonly count: number;
}

/** The last candles before a time, however long the exchange paused there; empty if nobody waits for them any more. */
export function pastOf(feed: ChartFeed, request: PastRequest, gone$: Observable<unknown>): Promise<Past> {
  const past$ = fromBest$(request.wanted.interval, (source) => {
    const { wanted, before, count } = request;
    const history = partsFor(wanted.interval, source, count);
    const parts$ = feed.closedCandles$(wanted.symbol, source, { history, since: before - 1 }).pipe(
      takeWhile(({ timestamp }) => timestamp < before),
      take(history),
      toArray(),
    );
    return parts$.pipe(
      switchMap((parts) =>
        (source === wanted.interval ? from(parts) : from(parts).pipe(resample(wanted.interval))).pipe(
          map((candle) => toChartCandle({ ...candle, closed: true })),
          toArray(),
          map((candles) => ({ points: upTo(candles, request), more: parts.length === history })),
        ),
      ),
    );
  });
  return firstValueFrom(past$.pipe(takeUntil(gone$)), { defaultValue: { points: [], more: false } });
}

function upTo(candles: readonly ChartCandle[], { wanted, before }: PastRequest): readonly Point[] {
  const last = candles.at(-1);
  if (last === undefined) return [];
  const hole = { after: last.timestamp, before, why: 'missing' } as const;
  return [...withEmptySlots(candles, wanted.interval), ...emptySlots(hole, wanted.interval)];
}
