import { catchError, EMPTY, throwError, type Observable } from 'rxjs';
import { isFeedError, type Candle, type Feed } from '../index.ts';
import { OF_ONE_SERIES } from './watchable.ts';

/** The part of a feed that recording and feeding a log need. */
export type LiveCandles = Pick<Feed, 'bus' | 'closedCandles$'>;

/**
 * A feed whose series end where they cannot be had, each told, as long as one is left.
 *
 * @param count - how many series are going to be asked for
 */
export function willing(feed: LiveCandles, count: number, tell: (line: string) => void): LiveCandles {
  let left = count;
  const refuse$ = (error: unknown): Observable<Candle> => {
    if (!isFeedError(error) || !OF_ONE_SERIES.includes(error.code)) return throwError(() => error as Error);
    left -= 1;
    if (left === 0) return throwError(() => error as Error);
    tell(error.message);
    return EMPTY;
  };
  return {
    bus: feed.bus,
    closedCandles$: (symbol, interval, from) => feed.closedCandles$(symbol, interval, from).pipe(catchError(refuse$)),
  };
}
