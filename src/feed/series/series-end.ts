import { defer, takeLast, map, repeat, scan, timer, type Observable, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { witnessesFor } from '../../core/evidence.ts';
import { nextOpenTime } from '../../core/interval.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { retryFailed } from '../rest/retry-failed.ts';

export interface SeriesEndOptions {
  readonly reader: CandleReader;
  readonly scheduler: SchedulerLike;
  readonly now: () => EpochMs;
  /** When the contract ended, where the exchange says it. */
  readonly deliveryTime: EpochMs | null;
  /** Open time of the candle a running series waits for; undefined for a series that is only read. */
  readonly next?: EpochMs;
}

/** Enough to see past the flat rows that some markets go on showing after the end. */
const ROWS = 100;

/**
 * Where a series that stopped trading ends: emits once the open time after its last candle.
 * Several answers are joined, since one may leave a row out.
 */
export function seriesEnd$(options: SeriesEndOptions): Observable<EpochMs> {
  const { reader, scheduler, now, deliveryTime } = options;
  const before = Math.min(deliveryTime ?? Infinity, now() + 1);
  const { answers, everyMs } = witnessesFor(before, now());
  return defer(() => reader.newest$(before, ROWS)).pipe(
    retryFailed(everyMs, scheduler),
    repeat({ count: answers, delay: () => timer(everyMs, scheduler) }),
    scan((seen, rows) => joined(seen, rows), new Map<EpochMs, Candle>()),
    takeLast(1),
    map((seen) => endOf([...seen.values()], options)),
  );
}

function joined(seen: Map<EpochMs, Candle>, rows: readonly Candle[]): Map<EpochMs, Candle> {
  for (const row of rows) seen.set(row.timestamp, row);
  return seen;
}

/**
 * With the end known, the last row before it. Without, a running series ends with the candle it waits for,
 * or with the last one that holds volume: the flat rows after them are the exchange's filling.
 */
function endOf(rows: readonly Candle[], { deliveryTime, next }: SeriesEndOptions): EpochMs {
  const isLast = (row: Candle) =>
    next === undefined ||
    (row.timestamp >= next && (deliveryTime !== null || row.timestamp === next || row.volume !== 0));
  const ends = rows.filter(isLast).map((row) => Math.min(row.closeTime + 1, nextOpenTime(row.timestamp, row.interval)));
  return Math.max(next ?? 0, ...ends);
}
