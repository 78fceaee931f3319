import { defer, map, switchMap } from 'rxjs';
import { completePolicy } from './core/backoff.ts';
import type { VenueId } from './core/candle.ts';
import { completed } from './core/completed.ts';
import { DEFAULTS } from './core/defaults.ts';
import { ConfigError } from './core/errors.ts';
import type { LogLevel } from './core/log-level.ts';
import { isRecord } from './core/schema.ts';
import { validateSettings, type FeedSettings } from './core/settings.ts';
import { httpClient } from './adapters/http.ts';
import { EARLIEST_TIME } from './core/time-bounds.ts';
import { monotonicScheduler, wallClockNow } from './adapters/clock.ts';
import { logEvents, logLine } from './adapters/log.ts';
import { checkTls, endpointsOf, networkOf } from './adapters/network.ts';
import { socketSessions, type SocketOptions } from './adapters/socket.ts';
import { SharedConnectLimits } from './feed/connection/connect-rate-limiter.ts';
import { CandleFeed } from './feed/candle-feed.ts';
import { connectorFeed } from './feed/connector-feed.ts';
import { EventBus } from './feed/event-bus.ts';
import type { Feed } from './feed/feed.ts';
import { restSource } from './feed/rest/rest-source.ts';
import { SharedRest } from './feed/rest/shared-rest.ts';
import { withStore } from './feed/rest/stored-market-data.ts';
import { connectorOf } from './venues/registry.ts';
import { LazyFeed } from './lazy-feed.ts';
import type { CandleStore } from './ports/candle-store.ts';
import type { Connector } from './ports/connector.ts';

export type { Feed };

/** Settings, and the bus to publish to (by default a new one). */
export interface FeedOptions extends FeedSettings {
  readonly bus?: EventBus | undefined;
  /**
   * Read before the exchange is asked for the past; from `openStore` of `rx-candles/store`. The feed does not close it.
   */
  readonly store?: CandleStore | undefined;
}

/** Local time. */
const now = (): number => monotonicScheduler.now();

/** One of each per process, because the exchange counts by address. */
const REST = new SharedRest();
const CONNECT_LIMITS = new SharedConnectLimits();

/**
 * Creates a feed.
 *
 * @throws ConfigError that lists every problem of the options
 */
export function createFeed(options: FeedOptions = {}): Feed {
  const { bus, settings } = checked(options);
  const { venue = DEFAULTS.venue } = settings;
  const connector = connectorOf(venue);
  return connector === undefined ? ccxtFeed(venue, settings, bus) : feedOf(connector, settings, bus);
}

/** A feed over an exchange of ccxt; neither the package nor what speaks with it is loaded before it is needed. */
function ccxtFeed(venue: VenueId, { store, ...given }: CheckedOptions, bus: EventBus): Feed {
  const settings = { ...given, ...completed(DEFAULTS, given) };
  checkCcxtSettings(venue, settings);
  const log = logEvents(bus, settings.logLevel);
  const open$ = defer(() => import('./ccxt-feed.ts')).pipe(
    switchMap(({ openCcxt$ }) => openCcxt$({ venue, settings, store, bus, rest: REST, random: Math.random })),
    map(({ feed, close }) => facadeOf(feed, bus, close)),
  );
  const release = () => {
    log.close();
  };
  return new LazyFeed({ venue, bus, scheduler: monotonicScheduler, open$, release });
}

/** Settings of what ccxt does itself. */
const CCXT_OWN = ['graceMs', 'silenceMs', 'rotateAfterMs'] as const;

/**
 * Whoever asks for what cannot be is told; what has no effect is warned of.
 *
 * @throws ConfigError for a second connection, which would bring no close, since every one is read over REST; for
 *   certificates that cannot be used
 */
function checkCcxtSettings(venue: VenueId, settings: FeedSettings & { readonly logLevel: LogLevel }): void {
  if (settings.connections === 2)
    throw new ConfigError([`connections: must be 1 for ${venue}, whose closes are all read over REST, got 2`]);
  checkTls(settings.tls);
  const idle = CCXT_OWN.filter((name) => settings[name] !== undefined);
  if (idle.length > 0) logLine(settings.logLevel, 'warn', `${idle.join(', ')}: without effect for ${venue}`);
}

/**
 * A feed over any connector, whether or not the registry has it.
 *
 * @param settings - checked ones
 * @throws ConfigError where the venue has no test network, or the environment names a proxy that cannot be used
 * @internal
 */
export function feedOf(connector: Connector, { store, ...settings }: CheckedOptions, bus: EventBus): Feed {
  const { venue, endpoints, restTimeoutMs: timeoutMs, logLevel, ...times } = withDefaults(connector, settings);
  const network = networkOf(settings, endpoints);
  const { rest: url } = endpoints;
  const http = httpClient({ timeoutMs, headers: endpoints.restHeaders ?? {}, ...network.rest });
  const { rest: protocol, stream } = venue;
  const share = REST.take({ protocol, url, isMain: url === venue.endpoints.rest }, monotonicScheduler);
  const isUnfinished: SocketOptions['isUnfinished'] = (bytes, start, end) => stream.isUnfinished(bytes, start, end);
  const sockets = socketSessions({ isUnfinished, ...network.stream });
  const log = logEvents(bus, logLevel);
  network.notes.forEach((note) => logLine(logLevel, 'info', note));
  const parts = connectorFeed({
    ...times,
    venue,
    endpoints,
    earliestSince: EARLIEST_TIME,
    bus,
    openSession$: sockets.openSession$,
    connects: CONNECT_LIMITS.take(stream, endpoints.stream),
    restWith: (exchangeNow) => {
      const source = restSource({ protocol, url, http, ...share.with(exchangeNow), exchangeNow });
      return withStore(store, source, { venue: venue.id, pagesFrom: protocol.paging.pagesFrom, now });
    },
    scheduler: monotonicScheduler,
    random: Math.random,
    onDecodedInFull: log.warnOfDecoding,
    wallClockNow,
  });
  const feed = new CandleFeed(parts);
  const close = async (): Promise<void> => {
    feed.close();
    share.release();
    http.close();
    log.close();
    await sockets.allClosed();
  };
  return facadeOf(feed, bus, close);
}

/** What users see of a feed. */
function facadeOf(feed: CandleFeed, bus: EventBus, close: () => Promise<void>): Feed {
  return {
    closedCandles$: (symbol, interval, from) => feed.closedCandles$(symbol, interval, from),
    candles$: (symbol, interval, from) => feed.candles$(symbol, interval, from),
    history$: (symbol, interval, span) => feed.history$(symbol, interval, span),
    symbols: () => feed.symbols(),
    bus,
    status$: feed.status$,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Missing settings get the venue's defaults, or ours. */
function withDefaults(
  venue: Connector,
  { testnet, endpoints, reconnect, venue: _, credentials: __, proxy: ___, tls: ____, ...times }: FeedSettings,
) {
  return {
    ...completed({ ...DEFAULTS, ...venue.timing }, times),
    venue,
    endpoints: endpointsOf(venue, { testnet, endpoints }),
    reconnect: completePolicy(reconnect ?? {}),
  };
}

type CheckedOptions = Omit<FeedOptions, 'bus'>;

function checked(options: unknown): { bus: EventBus; settings: CheckedOptions } {
  const { bus = new EventBus(), store, ...rest }: { bus?: unknown; store?: unknown } = isRecord(options) ? options : {};
  const { settings, problems } = validateSettings(isRecord(options) ? rest : options);
  if (isBus(bus) && isStore(store) && problems.length === 0) return { bus, settings: { ...settings, store } };
  const others = [
    { isGood: isBus(bus), problem: 'bus: must be an EventBus' },
    { isGood: isStore(store), problem: 'store: must be what openStore() of rx-candles/store resolves with' },
  ];
  throw new ConfigError([...problems, ...others.flatMap(({ isGood, problem }) => (isGood ? [] : [problem]))]);
}

function isBus(value: unknown): value is EventBus {
  return value instanceof EventBus;
}

function isStore(value: unknown): value is CandleStore | undefined {
  return value === undefined || (isRecord(value) && typeof value['page'] === 'function');
}
