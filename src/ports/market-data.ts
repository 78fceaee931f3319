import type { Observable } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { RejectedRow } from '../core/evidence.ts';
import type { Interval } from '../core/interval.ts';
import type { RateLimit } from '../core/rate-limit.ts';
import type { RequestOutcome, RestStatus } from '../core/status.ts';
import type { SymbolInfo } from './symbol-info.ts';

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

/** A good answer, and when it was asked for and received: local time, by a clock that nobody sets. */
export interface Reply<T> {
  readonly value: T;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Open time from which on an answer of candles speaks, where that is later than was asked for. */
  readonly speaksFrom?: EpochMs;
  /** Of an answer to what time it is: the exchange's clock shows steps of this length, ms. Default 1. */
  readonly stepMs?: number;
  /** Rows beside the value of which no candle can be made, in rising open time. */
  readonly rejected?: readonly RejectedRow[];
  /** Open times of those candles that the venue calls final; left out where it says that of none. */
  readonly final?: ReadonlySet<EpochMs> | undefined;
}

/** All rows of a klines answer in rising open time, those of which no candle can be made among them. */
export function allRows({
  value,
  rejected = [],
}: Reply<readonly Candle[]>): readonly { readonly timestamp: EpochMs; readonly closeTime?: EpochMs }[] {
  return rejected.length === 0 ? value : [...value, ...rejected].sort((a, b) => a.timestamp - b.timestamp);
}

/** What is used in the current window of each limit, as the venue counts it, by the limit's name. */
export type Usage = Readonly<Record<string, number>>;

/** `proxy` and `certificate`: the exchange was not reached; the message says what to do. */
export type MarketDataFailure = Exclude<RequestOutcome, 'answered' | 'cancelled'>;

interface FailureDetails {
  readonly status?: number;
  readonly venueCode?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly usage?: Usage | undefined;
  readonly limits?: readonly RateLimit[] | undefined;
  readonly onStaleSocket?: boolean;
  readonly cause?: unknown;
}

/** A failed REST request. Internal: handled by the caller, never passed to a subscriber. */
export class MarketDataError extends Error {
  override readonly name = 'MarketDataError';
  readonly failure: MarketDataFailure;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  /** The venue's own error code (`-1121`), where it gave one. */
  readonly venueCode: number | undefined;
  /** Pause required by the venue, ms; undefined if none was stated. */
  readonly retryAfterMs: number | undefined;
  readonly usage: Usage | undefined;
  /** Limits stated in the rejection. */
  readonly limits: readonly RateLimit[];
  /** True where the peer hung up the idle socket that was used again: the request may be sent again when its turn comes. */
  readonly onStaleSocket: boolean;

  constructor(failure: MarketDataFailure, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.status = details.status ?? 0;
    this.venueCode = details.venueCode;
    this.retryAfterMs = details.retryAfterMs;
    this.usage = details.usage;
    this.limits = details.limits ?? [];
    this.onStaleSocket = details.onStaleSocket ?? false;
  }
}

/**
 * A venue's REST interface within the host's limits: one subscription is one request, cancelled by unsubscribing.
 * Each emits one Reply and completes, or errors with a MarketDataError at once; retrying is up to the caller.
 * Requests wait in the order of their priority (lower first), then of asking.
 */
export interface MarketData {
  /** By default before everything else. */
  serverTime$(priority?: number): Observable<Reply<EpochMs>>;
  /** Rows in rising open time, `source: 'backfill'`; the last may still be running. By default the shortest interval first. */
  klines$(request: KlinesRequest, priority?: number): Observable<Reply<readonly Candle[]>>;
  /** All symbols of the market. By default after the time and before klines. */
  symbols$(priority?: number): Observable<Reply<readonly SymbolInfo[]>>;
  /** Not needed for now: idle sockets are closed. */
  pause?(): void;
  /** What has been asked so far, and what may still be. */
  use?(): RestStatus;
}
