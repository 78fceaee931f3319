import { Observable } from 'rxjs';

/**
 * What is stored, then `live`, then what comes: listened to from the beginning, so that nothing falls between the two.
 *
 * ```text
 * past    --1-2-3|
 * live    ----3---4-----5
 * result  --1-2-(3 live 3 4)-5
 * ```
 *
 * Errors: with either.
 */
export function pastThenLive$<T>(past$: Observable<T>, live$: Observable<T>): Observable<T | 'live'> {
  return new Observable((subscriber) => {
    let waiting: T[] | undefined = [];
    const fail = (error: unknown): void => {
      subscriber.error(error);
    };
    subscriber.add(
      live$.subscribe({
        next: (value) => {
          if (waiting === undefined) subscriber.next(value);
          else waiting.push(value);
        },
        error: fail,
      }),
    );
    subscriber.add(
      past$.subscribe({
        next: (value) => {
          subscriber.next(value);
        },
        error: fail,
        complete: () => {
          subscriber.next('live');
          for (const value of waiting ?? []) subscriber.next(value);
          waiting = undefined;
        },
      }),
    );
  });
}
