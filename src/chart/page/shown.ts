import { combineLatest, filter, map, merge, startWith, type Observable } from 'rxjs';
import type { SeriesKey } from '../wire.ts';
import type { Book } from './book.ts';
import type { Model } from './model.ts';
import { decimalsFor } from './reading.ts';

/** The series that is shown, and how. */
export interface ShownState {
  readonly key: SeriesKey;
  readonly book: Book;
  readonly decimals: number;
  readonly timeZone: string;
}

export interface Shown {
  /** The state now, then each change. */
  readonly state$: Observable<ShownState>;
}

export function shownOf(model: Model): Shown {
  const key$ = model.series.value$.pipe(map(({ shown }) => shown ?? ''));
  const touched$ = merge(
    model.changes$.pipe(filter(({ key }) => key === model.series.get().shown)),
    model.symbols.value$,
  );
  const state$ = combineLatest([key$, model.preferences.value$, touched$.pipe(startWith(undefined))]).pipe(
    map(([key, { timeZone }]) => ({ key, book: model.bookOf(key), decimals: decimalsFor(model, key), timeZone })),
  );
  return { state$ };
}
