import { filter, merge, ReplaySubject, share, timer, type Observable } from 'rxjs';
import type { LiveCandle } from './lengthen.ts';
import { liveCandles$, type ChartFeed, type Wanted } from './live-candles.ts';

/** Closed candles that a page begins with. */
const FIRST_CANDLES = 1000;
/** Closed candles that are kept of a series, for the next page and for one that comes back. */
const KEPT_CANDLES = 2000;
/** A series that no page shows is kept for this long: a page that is loaded again finds it, ms. */
const LINGER_MS = 10_000;

/** All series that pages show; each is read from the feed once, however many pages show it. */
export class SharedSeries {
  readonly #feed: ChartFeed;
  readonly #series = new Map<string, Observable<LiveCandle>>();

  constructor(feed: ChartFeed) {
    this.#feed = feed;
  }

  /** The candles that are kept of a series, the running one last, then every update. */
  candles$({ symbol, interval }: Wanted): Observable<LiveCandle> {
    const key = `${interval} ${symbol.toUpperCase()}`;
    const known$ = this.#series.get(key);
    if (known$ !== undefined) return known$;
    const candles$ = remembered$(liveCandles$(this.#feed, { symbol, interval }, FIRST_CANDLES));
    this.#series.set(key, candles$);
    return candles$;
  }
}

/** One subscription for everybody, and what it has delivered for those who come later. */
function remembered$(source$: Observable<LiveCandle>): Observable<LiveCandle> {
  const all$ = source$.pipe(share({ resetOnRefCountZero: later$ }));
  const kept$ = (closed: boolean, count: number): Observable<LiveCandle> =>
    all$.pipe(
      filter((candle) => candle.closed === closed),
      share({ connector: () => new ReplaySubject(count), resetOnRefCountZero: later$ }),
    );
  return merge(kept$(true, KEPT_CANDLES), kept$(false, 1));
}

const later$ = (): Observable<unknown> => timer(LINGER_MS);
