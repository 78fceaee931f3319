import {
  EMPTY,
  Observable,
  Subject,
  concat,
  defer,
  firstValueFrom,
  shareReplay,
  takeUntil,
  type SchedulerLike,
  type Subscriber,
} from 'rxjs';
import type { Candle, RunningCandle, VenueId } from './core/candle.ts';
import { asOf, type ClosedCandlesOptions } from './core/closed-candles-options.ts';
import { FeedClosedError, toFeedError } from './core/errors.ts';
import { TELL_EVERY_MS } from './core/events.ts';
import type { HistorySpan } from './core/history-span.ts';
import type { Interval } from './core/interval.ts';
import type { FeedStatus, WaitStatus } from './core/status.ts';
import { FeedStats, type LiveStatus } from './feed/feed-stats.ts';
import type { Feed } from './feed/feed.ts';
import { NO_FRAMES } from './feed/connection/stream-counters.ts';
import { NO_REQUESTS } from './feed/rest/request-counter.ts';
import type { SymbolInfo } from './ports/symbol-info.ts';

export interface LazyFeedOptions {
  readonly venue: VenueId;
  readonly bus: Feed['bus'];
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  /** Opens the feed behind it: once, when it is first needed; unsubscribed from when nobody waits for it any more. */
  readonly open$: Observable<Feed>;
  /** Lets go of what is held before there is one. */
  readonly release: () => void;
}

/** Series that wait for the feed to be opened are not known to it yet. */
const NOTHING_YET: Omit<LiveStatus, 'venue' | 'waits'> = {
  connections: 0,
  streams: 0,
  redundant: 0,
  reconnects: {},
  ...NO_FRAMES,
  lastDataAt: null,
  clockOffsetMs: null,
  series: [],
  lateAfterMs: TELL_EVERY_MS,
  rest: NO_REQUESTS,
};

/**
 * A feed whose parts have to be loaded first. Subscriptions begin with the candle that runs when they are made, however
 * long that takes. What fails in loading is the error of those who wait; the next one tries again.
 */
export class LazyFeed implements Feed {
  readonly bus: Feed['bus'];
  readonly status$: Observable<FeedStatus>;
  readonly #options: LazyFeedOptions;
  readonly #opening$: Observable<Feed>;
  readonly #opened$ = new Subject<void>();
  readonly #closed$ = new Subject<void>();
  readonly #stats = new FeedStats();
  #feed: Feed | undefined;
  /** Local time since which somebody waits for it to be opened. */
  #openingSince: number | undefined;

  constructor(options: LazyFeedOptions) {
    this.#options = options;
    this.bus = options.bus;
    this.#opening$ = options.open$.pipe(shareReplay({ bufferSize: 1, refCount: true }), takeUntil(this.#closed$));
    const before$ = this.#stats.status$(() => this.#statusBefore(), options.scheduler).pipe(takeUntil(this.#opened$));
    this.status$ = concat(
      before$,
      defer(() => this.#feed?.status$ ?? EMPTY),
    );
  }

  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
    return this.#once$((feed, since) => feed.closedCandles$(symbol, interval, asOf(since, options)));
  }

  candles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<RunningCandle> {
    return this.#once$((feed, since) => feed.candles$(symbol, interval, asOf(since, options)));
  }

  history$(symbol: string, interval: Interval, span: HistorySpan): Observable<Candle> {
    return this.#once$((feed) => feed.history$(symbol, interval, span));
  }

  async symbols(): Promise<readonly SymbolInfo[]> {
    const symbols$ = this.#once$((feed) => defer(() => feed.symbols()));
    const symbols = await firstValueFrom(symbols$, { defaultValue: undefined });
    if (symbols === undefined) throw new FeedClosedError();
    return symbols;
  }

  async close(): Promise<void> {
    if (this.#stats.closed) return;
    this.#stats.closed = true;
    this.#stats.close();
    this.#closed$.next();
    await this.#feed?.close();
    this.#options.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @param ask$ - asked with the feed, once there is one, and the local time of the subscription */
  #once$<T>(ask$: (feed: Feed, subscribedAt: number) => Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      const subscribedAt = this.#options.scheduler.now();
      const begin = (feed: Feed): void => {
        subscriber.add(ask$(feed, subscribedAt).subscribe(subscriber));
      };
      if (this.#stats.closed) subscriber.error(new FeedClosedError());
      else if (this.#feed !== undefined) begin(this.#feed);
      else this.#open(begin, subscriber);
    });
  }

  /** Where the feed is closed before it is open, that is the end. */
  #open(begin: (feed: Feed) => void, subscriber: Subscriber<unknown>): void {
    this.#openingSince ??= this.#options.scheduler.now();
    const opening = this.#opening$.subscribe({
      next: (feed) => {
        this.#took(feed);
        begin(feed);
      },
      error: (error: unknown) => {
        this.#openingSince = undefined;
        subscriber.error(toFeedError(error));
      },
      complete: () => {
        if (this.#feed === undefined) subscriber.complete();
      },
    });
    subscriber.add(opening);
  }

  #statusBefore(): LiveStatus {
    const { venue, scheduler } = this.#options;
    const waitedMs = this.#openingSince === undefined ? 0 : scheduler.now() - this.#openingSince;
    const wait: WaitStatus = { what: 'symbol list', reason: 'the exchange is being opened', waitedMs };
    return { ...NOTHING_YET, venue, waits: waitedMs < TELL_EVERY_MS ? [] : [wait] };
  }

  #took(feed: Feed): void {
    if (this.#feed !== undefined) return;
    this.#feed = feed;
    this.#opened$.next();
  }
}
