import { Subject, type Observable } from 'rxjs';
import type { Marks } from '../marks.ts';
import { seriesOf, type About, type FeedState, type ListedSymbol, type Point, type SeriesKey } from '../wire.ts';
import { openSeriesOf, type OpenSeries } from './address.ts';
import { EMPTY_BOOK, markOf, merge, type Book, type Merged } from './book.ts';
import { cell, type Cell } from './cell.ts';
import type { Preferences } from './preferences.ts';
import type { Link } from './words.ts';

/** What has changed of one series. */
export interface BookChange {
  readonly key: SeriesKey;
  readonly book: Book;
  readonly changed: Merged['changed'];
}

/** All that the page knows and shows. */
export interface Model {
  readonly venue: string;
  readonly series: Cell<OpenSeries>;
  readonly preferences: Cell<Preferences>;
  readonly symbols: Cell<readonly ListedSymbol[]>;
  readonly feed: Cell<FeedState | undefined>;
  readonly link: Cell<Link>;
  readonly changes$: Observable<BookChange>;
  readonly bookOf: (key: SeriesKey | undefined) => Book;
  readonly add: (key: SeriesKey, points: readonly Point[]) => void;
  readonly change: (key: SeriesKey, what: Partial<Book>) => void;
  readonly marks: () => Marks;
  /** The exchange's time, ms UTC. */
  readonly now: () => number;
}

export function createModel(about: About, hash: string, preferences: Preferences): Model {
  const books = new Map<SeriesKey, Book>();
  const changes$ = new Subject<BookChange>();
  const bookOf = (key: SeriesKey | undefined): Book => books.get(key ?? '') ?? EMPTY_BOOK;
  const store = (key: SeriesKey, book: Book, changed: Merged['changed']): void => {
    books.set(key, book);
    changes$.next({ key, book, changed });
  };
  const series = cell(openSeriesOf(hash, about.series));
  const feed = cell<FeedState | undefined>(undefined);
  return {
    venue: about.venue,
    series,
    preferences: cell(preferences),
    symbols: cell<readonly ListedSymbol[]>([]),
    feed,
    link: cell<Link>('connecting'),
    changes$: changes$.asObservable(),
    bookOf,
    add: (key, incoming) => {
      const { points, changed } = merge(bookOf(key).points, incoming);
      store(key, { ...bookOf(key), points }, changed);
    },
    change: (key, what) => store(key, { ...bookOf(key), ...what }, what.points === undefined ? [] : 'all'),
    marks: () => marksOfAll(series.get().open, bookOf),
    now: () => Date.now() + (feed.get()?.clockOffsetMs ?? 0),
  };
}

function marksOfAll(open: readonly SeriesKey[], bookOf: Model['bookOf']): Marks {
  const marks = open.map((key) => [key, markOf(bookOf(key).points)] as const);
  return new Map(marks.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}

/** Adds a series, or shows it where it is open already. */
export function openSeries(model: Model, key: SeriesKey): void {
  const { open } = model.series.get();
  model.series.set({ open: open.includes(key) ? open : [...open, key], shown: key });
}

/** Puts a series into the place of the one that is shown. */
export function replaceShown(model: Model, key: SeriesKey): void {
  const { open, shown } = model.series.get();
  const others = open.includes(key)
    ? open.filter((one) => one !== shown || one === key)
    : open.map((one) => (one === shown ? key : one));
  model.series.set({ open: shown === undefined ? [...open, key] : others, shown: key });
}

export function closeSeries(model: Model, key: SeriesKey): void {
  const { open, shown } = model.series.get();
  const left = open.filter((one) => one !== key);
  const next = left[Math.min(open.indexOf(key), left.length - 1)];
  model.series.set({ open: left, shown: shown === key ? next : shown });
}

/** The series `by` places further down the list, round its end. */
export function showNext(model: Model, by: number): void {
  const { open, shown } = model.series.get();
  if (open.length === 0) return;
  const place = (open.indexOf(shown ?? '') + by + open.length) % open.length;
  model.series.set({ open, shown: open[place] });
}

/** The listed symbol of a series, once the list is there. */
export function listedOf(model: Model, key: SeriesKey): ListedSymbol | undefined {
  const { symbol } = seriesOf(key);
  return model.symbols.get().find((listed) => listed.symbol === symbol);
}
