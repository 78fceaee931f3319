import { catchError, defer, map, switchMap, throwError, type Observable } from 'rxjs';
import { completePolicy } from './core/backoff.ts';
import type { VenueId } from './core/candle.ts';
import { completed } from './core/completed.ts';
import { GeoBlockedError } from './core/errors.ts';
import type { FeedSettings } from './core/settings.ts';
import { EARLIEST_TIME } from './core/time-bounds.ts';
import { CandleWatch } from './adapters/ccxt/candle-watch.ts';
import { loadExchange } from './adapters/ccxt/load.ts';
import { ccxtMarketData, REQUESTS } from './adapters/ccxt/market-data.ts';
import { monotonicScheduler, wallClockNow } from './adapters/clock.ts';
import { CandleFeed } from './feed/candle-feed.ts';
import type { EventBus } from './feed/event-bus.ts';
import { RequestCounter } from './feed/rest/request-counter.ts';
import type { RestShare, SharedRest } from './feed/rest/shared-rest.ts';
import { Waits } from './feed/waits.ts';
import { withStore } from './feed/rest/stored-market-data.ts';
import type { CandleStore } from './ports/candle-store.ts';
import { MarketDataError, type MarketData } from './ports/market-data.ts';
import type { CcxtExchange } from './venues/ccxt/exchange.ts';
import { restUrlOf } from './venues/ccxt/urls.ts';
import { ccxtVenue, pagingOf } from './venues/ccxt/venue.ts';

export interface CcxtFeedOptions {
  readonly venue: VenueId;
  readonly settings: FeedSettings & { readonly restTimeoutMs: number };
  readonly store: CandleStore | undefined;
  readonly bus: EventBus;
  readonly rest: SharedRest;
  /** A number in [0, 1) per call; spreads retries. */
  readonly random: () => number;
}

/** A feed, and how to let go of all that it holds. */
export interface OpenedFeed {
  readonly feed: CandleFeed;
  readonly close: () => Promise<void>;
}

interface Loaded {
  readonly exchange: CcxtExchange;
  readonly share: RestShare;
  readonly rest: MarketData;
  readonly restUrl: string;
}

/** Requests are counted over this long, ms. */
const WINDOW_MS = 10_000;

/**
 * A feed over an exchange of ccxt: loads the package, reads the list of markets, without which ccxt answers nothing.
 *
 * Emits:     once, then completes.
 * Errors:    with ConfigError, GeoBlockedError, or what a part threw that cannot be loaded. Other failures of the list are
 *            waited out, and published.
 */
export function openCcxt$(options: CcxtFeedOptions): Observable<OpenedFeed> {
  const { venue, settings } = options;
  return defer(() => loadExchange(venue, settings)).pipe(
    map((exchange) => withRest(exchange, options)),
    switchMap((loaded) => withMarkets$(loaded, options)),
    map((loaded) => feedOver(loaded, options)),
  );
}

function withRest(exchange: CcxtExchange, { venue, rest: shared }: CcxtFeedOptions): Loaded {
  const restUrl = restUrlOf(exchange);
  const limit = Math.max(1, Math.floor(WINDOW_MS / exchange.rateLimit));
  const limits = [{ name: REQUESTS, limit, windowMs: WINDOW_MS, window: 'sliding' as const }];
  const share = shared.take({ protocol: { budget: venue, limits }, url: restUrl, isMain: false }, monotonicScheduler);
  const { queue, limits: rateLimits } = share.with(wallClockNow);
  const counter = new RequestCounter(queue, rateLimits);
  const rest = ccxtMarketData({
    exchange,
    venue,
    scheduler: monotonicScheduler,
    queued$: (send$, cost, priority) =>
      queue.request$({ limits: rateLimits, cost, priority, send$ }).pipe(counter.count()),
    use: () => counter.status,
  });
  return { exchange, share, rest, restUrl };
}

function withMarkets$(loaded: Loaded, { venue, bus }: CcxtFeedOptions): Observable<Loaded> {
  const waits = new Waits({
    scheduler: monotonicScheduler,
    now: wallClockNow,
    publish: (event) => {
      bus.publish({ ...event, venue });
    },
  });
  const symbols$ = loaded.rest.symbols$().pipe(
    catchError((error: unknown) => {
      const isBlocked = error instanceof MarketDataError && error.failure === 'geo-blocked';
      return throwError(() => (isBlocked ? new GeoBlockedError(loaded.restUrl) : (error as Error)));
    }),
  );
  return waits.untilAnswered$({ what: 'symbol list' }, symbols$).pipe(map(() => loaded));
}

function feedOver({ exchange, share, rest, restUrl }: Loaded, options: CcxtFeedOptions): OpenedFeed {
  const { venue: id, settings, store, bus, random } = options;
  const venue = ccxtVenue(id, exchange);
  const { graceMs, settleMs } = completed(venue.timing, settings);
  const reconnect = completePolicy(settings.reconnect ?? {});
  let watch: CandleWatch | undefined;
  const feed = new CandleFeed({
    venue,
    restUrl,
    pagingOf: (interval) => pagingOf(interval, exchange),
    graceMs,
    settleMs,
    earliestSince: EARLIEST_TIME,
    bus,
    restWith: () => withStore(store, rest, { venue: id, pagesFrom: 'newest', now: () => monotonicScheduler.now() }),
    streamWith: ({ scheduler, publish }) => {
      watch = new CandleWatch({
        exchange,
        venue: id,
        url: restUrl,
        reconnect,
        random,
        scheduler,
        publish,
      });
      return watch;
    },
    scheduler: monotonicScheduler,
    wallClockNow,
  });
  const close = async (): Promise<void> => {
    feed.close();
    share.release();
    await watch?.allClosed();
  };
  return { feed, close };
}
