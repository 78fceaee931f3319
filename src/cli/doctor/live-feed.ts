import {
  catchError, defer, filter, firstValueFrom, map, merge, of, ReplaySubject, Subscription, take, timer, type Observable,
} from 'rxjs'; // prettier-ignore
import { createFeed, type Candle, type Feed, type FeedOptions, type FeedStatus, type SymbolInfo } from '../../index.ts';

/** What became of waiting for something. */
export type Awaited<T> = { readonly ok: true; readonly value: T } | Missed;

export interface Missed {
  readonly ok: false;
  /** `error`: it cannot be had, and the reason says what to do. `late`: it did not come in time. */
  readonly kind: 'error' | 'late';
  /** Empty where nobody said why. */
  readonly why: string;
}

/** A close of a series, and when it came by this machine's clock, ms UTC. */
export interface Close {
  readonly candle: Candle;
  readonly at: number;
}

const ENDED: Missed = { ok: false, kind: 'late', why: 'the series has ended' };

/** The interval that every venue has and that closes soonest. */
const INTERVAL = '1m';

/** A feed that runs while it is looked at, with one-minute series. */
export class LiveFeed {
  readonly #feed: Feed;
  readonly #closes = new Map<string, ReplaySubject<Close>>();
  readonly #listening = new Subscription();
  /** What keeps the feed from going on, in its own words. */
  #trouble = '';

  constructor(settings: FeedOptions) {
    this.#feed = createFeed(settings);
    const { bus } = this.#feed;
    const troubles$ = merge(
      bus.on('RECONNECTING').pipe(map(({ reason, detail }) => detail ?? reason)),
      bus.on('WAITING').pipe(map(({ what, reason }) => `waiting for the ${what}: ${reason}`)),
      bus.on('FRAME_REJECTED').pipe(map(({ reason }) => reason)),
    );
    // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
    this.#listening.add(troubles$.subscribe((trouble) => (this.#trouble = trouble)));
  }

  symbols(withinMs: number): Promise<Awaited<readonly SymbolInfo[]>> {
    const symbols$ = defer(() => this.#feed.symbols());
    return this.#first(symbols$, withinMs);
  }

  /** How long the first update of the running candle took, ms. From then on the series is followed, for `anyClose`. */
  firstUpdate(symbol: string, withinMs: number): Promise<Awaited<number>> {
    void this.#closesOf$(symbol);
    const startedAt = performance.now();
    const updates$ = this.#feed.candles$(symbol, INTERVAL).pipe(
      // What is closed may have been fetched; what runs comes over the stream alone.
      filter(({ closed, source }) => !closed || source === 'stream'),
      map(() => performance.now() - startedAt),
    );
    return this.#first(updates$, withinMs);
  }

  /** The newest close since the series is followed, or the next. */
  anyClose(symbol: string, withinMs: number): Promise<Awaited<Close>> {
    return this.#first(this.#closesOf$(symbol), withinMs);
  }

  status(): Promise<FeedStatus> {
    // eslint-disable-next-line rxjs-x/no-ignored-default-value -- a status is emitted at once, after the end too
    return firstValueFrom(this.#feed.status$);
  }

  async close(): Promise<void> {
    this.#listening.unsubscribe();
    await this.#feed.close();
  }

  #closesOf$(symbol: string): Observable<Close> {
    const known$ = this.#closes.get(symbol);
    if (known$ !== undefined) return known$;
    const closes$ = new ReplaySubject<Close>(1);
    this.#closes.set(symbol, closes$);
    const arrivals$ = this.#feed.closedCandles$(symbol, INTERVAL).pipe(map((candle) => ({ candle, at: Date.now() })));
    this.#listening.add(arrivals$.subscribe(closes$));
    return closes$;
  }

  #first<T>(values$: Observable<T>, withinMs: number): Promise<Awaited<T>> {
    const first$ = values$.pipe(
      take(1),
      map((value): Awaited<T> => ({ ok: true, value })),
      catchError((error: unknown) => of<Missed>({ ok: false, kind: 'error', why: textOf(error) })),
    );
    const late$ = timer(withinMs).pipe(map((): Missed => ({ ok: false, kind: 'late', why: this.#trouble })));
    return firstValueFrom(merge(first$, late$), { defaultValue: ENDED });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
