import { catchError, EMPTY, map, merge, type Observable } from 'rxjs';
import { closeTimeOf, type Feed } from '../../index.ts';
import type { Wanted } from '../due.ts';
import { MOST_CLOSES, type Update } from './board.ts';

/**
 * The last closed candles of each series, for a table that would be empty until the first close.
 *
 * Errors: never; what keeps a series from being read is told where it is watched.
 */
export function lastCloses$(feed: Pick<Feed, 'history$'>, wanted: readonly Wanted[]): Observable<Update> {
  const now = Date.now();
  const updates = wanted.map(({ symbol, interval }, index) => {
    const length = closeTimeOf(now, interval) + 1 - now;
    return feed.history$(symbol, interval, { from: now - MOST_CLOSES * length, to: now }).pipe(
      map((candle) => ({ index, candle })),
      catchError(() => EMPTY),
    );
  });
  return merge(...updates);
}
