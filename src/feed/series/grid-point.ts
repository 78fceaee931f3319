import { defer, map, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { NewestCandles } from './newest-candles.ts';

const DAY_MS = 86_400_000;

/** Any open time of a series whose grid differs by symbol (`3d`), learnt from its newest row. */
export function gridPoint$({ reader, now, patiently$ }: NewestCandles): Observable<EpochMs> {
  const newest$ = defer(() => reader.newest$(now() + DAY_MS, 1)).pipe(
    map((rows) => {
      const newest = rows.at(-1);
      if (newest === undefined) throw new MarketDataError('malformed', 'REST shows no candle yet');
      return newest.timestamp;
    }),
  );
  return patiently$(newest$);
}
