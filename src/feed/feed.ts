/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable } from 'rxjs';
import type { Candle, RunningCandle } from '../core/candle.ts';
import type { ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import type { HistorySpan } from '../core/history-span.ts';
import type { Interval } from '../core/interval.ts';
import type { FeedStatus } from '../core/status.ts';
import type { SymbolInfo } from '../ports/symbol-info.ts';
import type { EventBus } from './event-bus.ts';

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
