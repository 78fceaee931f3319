/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable } from 'rxjs';
import { completePolicy } from './core/backoff.ts';
import { VENUE_IDS, type Candle, type RunningCandle } from './core/candle.ts';
import type { ClosedCandlesOptions } from './core/closed-candles-options.ts';
import { completed } from './core/completed.ts';
import { ConfigError } from './core/errors.ts';
import type { HistorySpan } from './core/history-span.ts';
import type { Interval } from './core/interval.ts';
import { isRecord } from './core/schema.ts';
import { validateSettings, type FeedSettings, type LogLevel } from './core/settings.ts';
import type { FeedStatus } from './core/status.ts';
import { httpClient } from './adapters/http.ts';
import { EARLIEST_TIME } from './core/time-bounds.ts';
import { monotonicScheduler, wallClockNow } from './adapters/clock.ts';
import { logEvents, logLine } from './adapters/log.ts';
import { networkOf } from './adapters/network.ts';
import { socketSessions } from './adapters/socket.ts';
import { SharedConnectLimits } from './feed/connection/connect-rate-limiter.ts';
import { CandleFeed } from './feed/candle-feed.ts';
import { EventBus } from './feed/event-bus.ts';
import { restSource } from './feed/rest/rest-source.ts';
import { SharedRest } from './feed/rest/shared-rest.ts';
import { VENUES } from './venues/registry.ts';
import type { Connector } from './ports/connector.ts';
import type { Endpoints } from './ports/endpoints.ts';
import type { SymbolInfo } from './ports/symbol-info.ts';

/** Settings, and the bus to publish to (by default a new one). */
export interface FeedOptions extends FeedSettings {
  readonly bus?: EventBus | undefined;
}

/** Candles of one venue, over as many connections as needed. Nothing is opened before the first subscription. */
export interface Feed {
  /**
   * Every closed candle of a series from the one running at `subscribe` (or from `since` / `history`) on.
   *
   * Emits:     each candle exactly once, in rising open time, with its final values, none missing.
   * Errors:    UnknownSymbolError, SymbolNotTradingError, UnsupportedIntervalError, ConfigError (bad options),
   *            GeoBlockedError, ReconnectExhaustedError, FeedClosedError, InternalError; each with `lastTimestamp`.
   * Completes: on `close()`, and after the last candle of a symbol that stops trading.
   * Time:      the exchange's clock; a late close is fetched at close time + `graceMs`.
   *
   * @param symbol - the exchange's spelling in any case, or ccxt's unified symbol
   */
  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle>;
  /**
   * Every update of the running candle too, on the same connection, in an order that a chart can draw directly.
   *
   * ```text
   * stream  1-1---2--3-3----3-    (the close of 1 is lost)
   * REST    --------------(12)
   * result  1-1-----------(123)3-
   * ```
   *
   * Emits:     open times that never decrease: history, if requested, then closes and updates. `closed: true` candles keep
   *            the promise of `closedCandles$`; no update comes after the close of its candle, or after a newer one.
   *            While history is read, or a lost close is fetched, updates wait; the newest is emitted afterwards.
   * Errors:    as `closedCandles$`.
   * Completes: as `closedCandles$`.
   */
  candles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<RunningCandle>;
  /**
   * The closed candles of a past time range, over REST only.
   *
   * Emits:     each candle with open time in [from, to) that the exchange has, exactly once, in rising open time. Candles
   *            that had not closed at `subscribe`, by the exchange's clock, are left out. Holes are published on the bus.
   * Errors:    UnknownSymbolError, UnsupportedIntervalError, ConfigError (a bad span), GeoBlockedError, FeedClosedError;
   *            each with `lastTimestamp`. Every other failure of REST is waited out.
   * Completes: after the last of them, and on `close()`.
   * Time:      the exchange's clock decides which candles have closed.
   */
  history$(symbol: string, interval: Interval, span: HistorySpan): Observable<Candle>;
  /**
   * All symbols of the venue, in the venue's order: status, assets, listing and delivery time, step sizes.
   * The feed's list is returned if it is less than a minute old; otherwise it is fetched, with retries until it succeeds.
   *
   * @returns rejects with FeedClosedError on a closed feed, and with GeoBlockedError if the exchange refuses this location
   */
  symbols(): Promise<readonly SymbolInfo[]>;
  readonly bus: EventBus;
  /** The current status, then each change, at most ten a second. Completes with the feed. */
  readonly status$: Observable<FeedStatus>;
  /** Completes all streams and closes all sockets; resolves when nothing is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One of each per process, because the exchange counts by address. */
const REST = new SharedRest();
const CONNECT_LIMITS = new SharedConnectLimits();

const DEFAULTS = {
  connections: 1 as 1 | 2,
  restTimeoutMs: 5000,
  logLevel: 'warn' as LogLevel,
};

/**
 * Creates a feed.
 *
 * @throws ConfigError that lists every problem of the options
 */
export function createFeed(options: FeedOptions = {}): Feed {
  const { bus, settings } = checked(options);
  return feedOf(VENUES[settings.venue ?? VENUE_IDS[0]], settings, bus);
}

/**
 * A feed over any connector, whether or not the registry has it.
 *
 * @param settings - checked ones
 * @throws ConfigError where the venue has no test network, or the environment names a proxy that cannot be used
 * @internal
 */
export function feedOf(connector: Connector, settings: FeedSettings, bus: EventBus): Feed {
  const { venue, endpoints, restTimeoutMs: timeoutMs, logLevel, ...times } = withDefaults(connector, settings);
  const network = networkOf(settings, endpoints);
  const { rest: url } = endpoints;
  const http = httpClient({ timeoutMs, headers: endpoints.restHeaders ?? {}, ...network.rest });
  const { rest: protocol, stream } = venue;
  const share = REST.take({ protocol, url, isMain: url === venue.endpoints.rest }, monotonicScheduler);
  const sockets = socketSessions({ isUnfinished: (frame) => stream.isUnfinished(frame), ...network.stream });
  const log = logEvents(bus, logLevel);
  network.notes.forEach((note) => logLine(logLevel, 'info', note));
  const feed = new CandleFeed({
    ...times,
    venue,
    endpoints,
    earliestSince: EARLIEST_TIME,
    bus,
    openSession$: sockets.openSession$,
    connects: CONNECT_LIMITS.take(stream, endpoints.stream),
    restWith: (exchangeNow) => restSource({ protocol, url, http, ...share.with(exchangeNow), exchangeNow }),
    scheduler: monotonicScheduler,
    random: Math.random,
    onDecodedInFull: (frame) => {
      log.warnOfDecoding(frame);
    },
    wallClockNow,
  });
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
    endpoints: completed(hostsOf(venue, testnet), endpoints ?? {}),
    reconnect: completePolicy(reconnect ?? {}),
  };
}

function hostsOf(venue: Connector, testnet = false): Endpoints {
  if (!testnet) return venue.endpoints;
  if (venue.testnet === null) throw new ConfigError([`testnet: ${venue.id} has no test network`]);
  return venue.testnet;
}

function checked(options: unknown): { bus: EventBus; settings: FeedSettings } {
  const { bus = new EventBus(), ...rest }: { bus?: unknown } = isRecord(options) ? options : {};
  const { settings, problems } = validateSettings(isRecord(options) ? rest : options);
  if (isBus(bus) && problems.length === 0) return { bus, settings };
  throw new ConfigError([...problems, ...(isBus(bus) ? [] : ['bus: must be an EventBus'])]);
}

function isBus(value: unknown): value is EventBus {
  return value instanceof EventBus;
}
