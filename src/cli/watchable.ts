import { catchError, defer, EMPTY, merge, throwError, type Observable } from 'rxjs';
import { isFeedError, type FeedErrorCode } from '../index.ts';

/** Errors of one series alone; any other would end every series. */
export const OF_ONE_SERIES: readonly FeedErrorCode[] = [
  'FEED_UNKNOWN_SYMBOL',
  'FEED_SYMBOL_NOT_TRADING',
  'FEED_UNSUPPORTED_INTERVAL',
];

/**
 * Merges series that can be watched; each that cannot is reported once, and the others continue.
 *
 * ```text
 * a        --1----2----|
 * b        -#
 * result   --1----2----|     (b is reported)
 * ```
 *
 * Errors: if none can be watched: with the error of the only series, otherwise with a summary; and with any error that is
 *         not about one series.
 *
 * @param tell - called with the reason why a series cannot be watched
 */
export function watchable$<T>(series: readonly Observable<T>[], tell: (why: string) => void): Observable<T> {
  return defer(() => {
    const told = new Set<string>();
    let left = series.length;
    const refuse$ = (error: unknown): Observable<never> => {
      if (!isFeedError(error) || !OF_ONE_SERIES.includes(error.code)) return throwError(() => error as Error);
      left -= 1;
      if (series.length === 1) return throwError(() => error as Error);
      if (!told.has(error.message)) tell(error.message);
      told.add(error.message);
      return left > 0 ? EMPTY : throwError(() => new Error('none of these series can be watched'));
    };
    return merge(...series.map((candles$) => candles$.pipe(catchError(refuse$))));
  });
}
