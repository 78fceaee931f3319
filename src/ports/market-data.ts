import type { Observable } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { SymbolInfo } from '../venues/venue.ts';

/** One klines request. At least one end is given; both are in open time. */
export interface KlinesRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** First open time wanted, inclusive, ms UTC. */
  readonly from?: EpochMs;
  /** Open time to stop before, exclusive, ms UTC. */
  readonly before?: EpochMs;
  /** Most rows to answer. */
  readonly limit: number;
}

/** A good answer and what its headers said of the budget. */
export interface Reply<T> {
  readonly value: T;
  /** Weight used in this minute of the venue's clock, as the venue counts it; undefined when it did not say. */
  readonly usedWeight: number | undefined;
}

export type MarketDataFailure =
  'network' | 'timeout' | 'rate limited' | 'banned' | 'geo-blocked' | 'refused' | 'server' | 'malformed';

/** A REST request that gave no usable answer. Internal: handled by whoever asked, never given to a subscriber. */
export class MarketDataError extends Error {
  override readonly name = 'MarketDataError';
  readonly failure: MarketDataFailure;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  /** The venue's own error code (`-1121`), where it gave one. */
  readonly venueCode: number | undefined;
  /** How long the venue asks us to send nothing, ms; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  readonly usedWeight: number | undefined;
  /** True where the peer hung up the idle socket that was used again: the request may be sent again when its turn comes. */
  readonly onStaleSocket: boolean;

  constructor(
    failure: MarketDataFailure,
    message: string,
    details: {
      status?: number;
      venueCode?: number | undefined;
      retryAfterMs?: number | undefined;
      usedWeight?: number | undefined;
      onStaleSocket?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.status = details.status ?? 0;
    this.venueCode = details.venueCode;
    this.retryAfterMs = details.retryAfterMs;
    this.usedWeight = details.usedWeight;
    this.onStaleSocket = details.onStaleSocket ?? false;
  }
}

/**
 * A venue's REST interface: one subscription is one request, cancelled by unsubscribing.
 * Each emits one Reply and completes, or errors with a MarketDataError. No limits are kept here.
 */
export interface MarketData {
  /** Loads what the first request needs, so that it does not count as the exchange's delay. Nothing to load where absent. */
  ready?(): Promise<unknown>;
  serverTime$(): Observable<Reply<EpochMs>>;
  /** Rows in rising open time, `source: 'backfill'`; the last may still be running. */
  klines$(request: KlinesRequest): Observable<Reply<readonly Candle[]>>;
  /** All symbols of the market. */
  symbols$(): Observable<Reply<readonly SymbolInfo[]>>;
}
