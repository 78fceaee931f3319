import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';

/** A value that changes, and can be followed. */
export interface Cell<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  /** The value now, then each other one. */
  readonly value$: Observable<T>;
}

export function cell<T>(first: T): Cell<T> {
  const subject$ = new BehaviorSubject(first);
  return {
    get: () => subject$.value,
    set: (value) => subject$.next(value),
    value$: subject$.pipe(distinctUntilChanged()),
  };
}

/** Calls `next` with every value, for as long as the page lives. */
export function follow<T>(source$: Observable<T>, next: (value: T) => void): void {
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a bug of ours: the browser's console shows it
  source$.subscribe(next);
}
