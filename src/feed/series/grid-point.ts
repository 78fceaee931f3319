import { defer, map, type Observable, type SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { retryFailed } from '../rest/retry-failed.ts';

const DAY_MS = 86_400_000;

/** Any open time of a series whose grid differs by symbol (`3d`), learnt from its newest row. */
export function gridPoint$(reader: CandleReader, now: () => EpochMs, scheduler: SchedulerLike): Observable<EpochMs> {
  return defer(() => reader.newest$(now() + DAY_MS, 1)).pipe(
    map((rows) => {
      const newest = rows.at(-1);
      if (newest === undefined) throw new MarketDataError('malformed', 'an empty answer shows no grid');
      return newest.timestamp;
    }),
    retryFailed(1000, scheduler),
  );
}
