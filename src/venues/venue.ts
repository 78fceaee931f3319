import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';

/** The venue's name of one stream: `btcusdt@kline_1m`. */
export type Topic = string;

/** What one frame says. Decoding always answers; it never throws. */
export type Decoded =
  | { readonly kind: 'kline'; readonly candle: Candle; readonly closed: boolean; readonly eventTime: EpochMs }
  /** The answer to a request of ours; `id` null when the venue did not say which. */
  | { readonly kind: 'reply'; readonly id: number | null; readonly error: string | null }
  /** The venue is about to close this connection. */
  | { readonly kind: 'shutdown' }
  /** Understood, and not about candles. */
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Where a venue lives. `stream` is what `/stream` is appended to, `rest` is scheme and host. */
export interface Endpoints {
  readonly stream: string;
  readonly rest: string;
}

export interface StreamLimits {
  /** Topics on one connection, with a safe margin below the venue's own limit. */
  readonly topicsPerConnection: number;
  /** Topics in one SUBSCRIBE frame. */
  readonly topicsPerRequest: number;
  /** Messages sent on one connection in any second, pings and pongs included. */
  readonly messagesPerSecond: number;
  /** Connection attempts in any five minutes. */
  readonly attemptsPerFiveMinutes: number;
}

export interface RestLimits {
  /** The venue's own limit of request weight per minute of its clock and address; the budget keeps a margin. */
  readonly weightPerMinute: number;
  /** Markets with one name here share one budget per address. */
  readonly budget: string;
  /** Most rows one klines request may ask for. */
  readonly maxRows: number;
  /** Weight of a klines request for `limit` rows. */
  klinesWeight(limit: number): number;
  /** Most rows per weight: the `limit` to page with. */
  readonly pageRows: number;
  /** Weights of the other requests. */
  readonly timeWeight: number;
  readonly symbolsWeight: number;
  /**
   * `oldest`: a request with both ends answers the first `limit` rows from its start.
   * `newest`: the last `limit` rows before its end; the start does not anchor (COIN-M).
   */
  readonly pagesFrom: 'oldest' | 'newest';
  /** Longest span between start and end of one request, ms; Infinity when there is none. */
  readonly maxSpanMs: number;
}

/** One exchange market: data and pure functions. */
export interface Venue {
  readonly id: VenueId;
  readonly intervals: readonly Interval[];
  readonly endpoints: Endpoints;
  readonly testnet: Endpoints;
  readonly graceMs: number;
  readonly settleMs: number;
  /** A symbol that is `paused or ended` has ended when its last candle of a minute closed longer ago than this, ms. */
  readonly longestPauseMs: number;
  readonly stream: StreamLimits;
  readonly rest: RestLimits;
  topicOf(symbol: string, interval: Interval): Topic;
  /** Text of a request to start or stop topics. */
  encode(verb: 'SUBSCRIBE' | 'UNSUBSCRIBE', topics: readonly Topic[], id: number): string;
  /** True only where the bytes prove that the frame is an unfinished kline; anything else is to be decoded. */
  isProvablyOpen(frame: Buffer): boolean;
  decode(frame: Buffer): Decoded;
}

/**
 * What a status means for a series (CONTRACT, table of statuses). `paused or ended`: the venue says the same of both, and
 * only its last candle tells them apart, by `longestPauseMs`.
 */
export type SymbolPhase = 'trading' | 'paused' | 'paused or ended' | 'ended';

/** One line of the venue's symbol list. */
export interface SymbolInfo {
  readonly symbol: string;
  /** The venue's own word: `TRADING`, `SETTLING`, `BREAK`. */
  readonly status: string;
  readonly phase: SymbolPhase;
  /** When the contract ends or ended, ms UTC; null where the venue does not say or it never does. */
  readonly deliveryTime: EpochMs | null;
}
