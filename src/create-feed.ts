/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable } from 'rxjs';
import { completePolicy } from './core/backoff.ts';
import type { Candle, RunningCandle } from './core/candle.ts';
import type { ClosedCandlesOptions } from './core/closed-candles-options.ts';
import { completed } from './core/completed.ts';
import { ConfigError } from './core/errors.ts';
import type { Interval } from './core/interval.ts';
import { isRecord } from './core/rule.ts';
import { validateSettings, type FeedSettings, type LogLevel } from './core/settings.ts';
import type { FeedStatus } from './core/status.ts';
import { EARLIEST_TIME } from './core/time-bounds.ts';
import { binanceRest } from './edges/binance-rest.ts';
import { monotonicScheduler, wallClockNow } from './edges/clock.ts';
import { logEvents } from './edges/log.ts';
import { socketSessions } from './edges/socket.ts';
import { SharedGates } from './feed/stream/attempt-gate.ts';
import { CandleFeed } from './feed/candle-feed.ts';
import { EventBus } from './feed/event-bus.ts';
import { SharedBudgets } from './feed/rest/shared-budgets.ts';
import { venueOf } from './venues/registry.ts';

/** Settings, and the bus to publish on (by default a new one). */
export interface FeedOptions extends FeedSettings {
  readonly bus?: EventBus | undefined;
}

/** Candles of one venue, over as many connections as needed. Nothing is opened before something is subscribed to. */
export interface Feed {
  /**
   * Every closed candle of a series from the one running at `subscribe` (or from `since` / `history`) on.
   *
   * Emits:     each candle exactly once, in rising open time, with its final values, none missing.
   * Errors:    UnknownSymbolError, SymbolNotTradingError, UnsupportedIntervalError, ConfigError (bad options),
   *            GeoBlockedError, ReconnectExhaustedError, FeedClosedError; each with `lastTimestamp`.
   * Completes: on `close()`, and after the last candle of a symbol that stops trading.
   * Time:      the exchange's clock; a late close is fetched at close time + `graceMs`.
   *
   * @param symbol - the exchange's spelling in any case, or ccxt's unified symbol
   */
  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle>;
  /**
   * Every update of the running candle too, on the same connection.
   *
   * Emits:     updates at once, none older than one before it, perhaps not all; those with `closed: true` keep the promise
   *            among themselves. While a lost close is fetched, updates of later candles come before it.
   * Errors:    as `closedCandles$`.
   * Completes: as `closedCandles$`.
   */
  candles$(symbol: string, interval: Interval): Observable<RunningCandle>;
  readonly bus: EventBus;
  /** The current status, then each change, at most ten a second. Completes with the feed. */
  readonly status$: Observable<FeedStatus>;
  /** Completes all streams and closes all sockets; resolves when nothing is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One each for the process, as the exchange counts by address. */
const BUDGETS = new SharedBudgets();
const GATES = new SharedGates();

const DEFAULTS = {
  silenceMs: 30_000,
  restTimeoutMs: 5000,
  // An hour before the exchange cuts a connection.
  rotateAfterMs: 23 * 3_600_000,
  logLevel: 'warn' as LogLevel,
};

/**
 * A feed of one's own.
 *
 * @throws ConfigError that lists every problem of the options
 */
export function createFeed(options: FeedOptions = {}): Feed {
  const { bus, settings } = checked(options);
  const { venue, endpoints, restTimeoutMs: timeoutMs, credentials, logLevel, ...times } = withDefaults(settings);
  const marketData = binanceRest({ venue, restUrl: endpoints.rest, credentials, timeoutMs });
  const sockets = socketSessions({ isProvablyOpen: (frame) => venue.isProvablyOpen(frame) });
  const budget = BUDGETS.take(venue, endpoints.rest, monotonicScheduler);
  const feed = new CandleFeed({
    ...times,
    venue,
    endpoints,
    earliestSince: EARLIEST_TIME,
    bus,
    openSession$: sockets.openSession$,
    attemptGate: GATES.take(venue, endpoints.stream),
    marketData,
    budgetWith: (exchangeNow) => budget.with(exchangeNow),
    scheduler: monotonicScheduler,
    random: Math.random,
    wallClockNow,
  });
  const log = logEvents(bus, logLevel);
  const close = async (): Promise<void> => {
    feed.close();
    budget.release();
    marketData.close();
    log.close();
    await sockets.allClosed();
  };
  return {
    closedCandles$: (symbol, interval, from) => feed.closedCandles$(symbol, interval, from),
    candles$: (symbol, interval) => feed.candles$(symbol, interval),
    bus,
    status$: feed.status$,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Settings left out have the venue's values, or ours. */
function withDefaults({
  venue: id = 'binance-usdm',
  testnet,
  endpoints,
  reconnect,
  credentials,
  ...times
}: FeedSettings) {
  const venue = venueOf(id);
  const { graceMs, settleMs } = venue;
  const hosts = testnet === true ? venue.testnet : venue.endpoints;
  return {
    ...completed({ ...DEFAULTS, graceMs, settleMs }, times),
    venue,
    endpoints: completed(hosts, endpoints ?? {}),
    reconnect: completePolicy(reconnect ?? {}),
    credentials,
  };
}

function checked(options: unknown): { bus: EventBus; settings: FeedSettings } {
  const { bus = new EventBus(), ...rest }: { bus?: unknown } = isRecord(options) ? options : {};
  const { settings, problems } = validateSettings(isRecord(options) ? rest : options);
  if (bus instanceof EventBus && problems.length === 0) return { bus, settings };
  throw new ConfigError([...problems, ...(bus instanceof EventBus ? [] : ['bus: must be an EventBus'])]);
}
