import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { PageRules } from '../ports/connector.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { StreamProtocol, Topic } from '../ports/stream-protocol.ts';

export type { Topic };
export type { SymbolInfo, SymbolPhase } from '../ports/symbol-info.ts';

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

export interface RestLimits extends PageRules {
  /** The limit that the venue documents of its main host: request weight per minute of its clock and address. */
  readonly weightPerMinute: number;
  /** Markets with one name here share one budget per address. */
  readonly budget: string;
  /** Weight of a klines request for `limit` rows. */
  klinesWeight(limit: number): number;
  /** Weights of the other requests. */
  readonly timeWeight: number;
  readonly symbolsWeight: number;
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
  readonly protocol: StreamProtocol;
  readonly rest: RestLimits;
  topicOf(symbol: string, interval: Interval): Topic;
  /** Text of a request to start or stop topics. */
  encode(verb: 'SUBSCRIBE' | 'UNSUBSCRIBE', topics: readonly Topic[], id: number): string;
  /** True only where the bytes prove that the frame is an unfinished kline; anything else is to be decoded. */
  isProvablyOpen(frame: Buffer): boolean;
  decode(frame: Buffer): Decoded;
}
