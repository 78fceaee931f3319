import { defer, map, repeat, scan, takeLast, timer, type Observable } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { nextOpenTime } from '../../core/interval.ts';
import { confirmationsFor, type EvidenceRules } from '../../core/missing-rules.ts';
import type { NewestCandles } from './newest-candles.ts';

export interface SeriesEndOptions extends NewestCandles {
  readonly evidence: EvidenceRules;
  /** When the contract ended, where the exchange says it. */
  readonly deliveryTime: EpochMs | null;
  /** Open time of the candle a running series waits for; undefined for a series that is only read. */
  readonly next?: EpochMs;
}

/** Enough to see past the flat rows that some markets go on showing after the end. */
const ROWS = 100;

/** Where a series ends, as open times after its last candle. */
export interface SeriesEnd {
  /** For a running series: not before the candle it waits for. */
  readonly until: EpochMs;
  /** After the last row that the exchange shows before the end of the contract. */
  readonly lastRow: EpochMs;
}

/**
 * Where a series that stopped trading ends: emits once.
 * Several answers are joined, since one may leave a row out.
 */
export function seriesEnd$(options: SeriesEndOptions): Observable<SeriesEnd> {
  const { reader, scheduler, now, patiently$, deliveryTime, evidence } = options;
  const before = Math.min(deliveryTime ?? Infinity, now() + 1);
  const { answers, everyMs } = confirmationsFor(before, now(), evidence);
  return patiently$(defer(() => reader.newest$(before, ROWS))).pipe(
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
function endOf(rows: readonly Candle[], { deliveryTime, next }: SeriesEndOptions): SeriesEnd {
  const isLast = (row: Candle) =>
    next === undefined ||
    (row.timestamp >= next && (deliveryTime !== null || row.timestamp === next || row.volume !== 0));
  const ends = (some: readonly Candle[]): readonly EpochMs[] =>
    some.map((row) => Math.min(row.closeTime + 1, nextOpenTime(row.timestamp, row.interval)));
  return { until: Math.max(next ?? 0, ...ends(rows.filter(isLast))), lastRow: Math.max(0, ...ends(rows)) };
}
