import type { Candle, EpochMs } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';

/** The venue's name of one stream: `btcusdt@kline_1m`. */
export type Topic = string;

/** All candles of one symbol and interval, on the venue at hand. */
export interface SeriesKey {
  readonly symbol: string;
  readonly interval: Interval;
}

/** A candle from the stream. May be late, duplicated or out of order. */
export interface CandleMessage {
  readonly kind: 'candle';
  readonly candle: Candle;
  /** `final`: the venue says that it is closed. `unknown`: the venue does not say. */
  readonly finality: 'final' | 'running' | 'unknown';
  /** When the venue built the message, ms UTC; null where it does not say. */
  readonly eventTime: EpochMs | null;
}

/**
 * The content of a frame. A reply names the request by `id`, or its topics, or both; a venue that names neither
 * answers in order.
 */
export type StreamMessage =
  | CandleMessage
  | { readonly kind: 'ack'; readonly id?: string; readonly topics?: readonly Topic[] }
  /** Without topics it is the connection's trouble, unless `scope` says that it costs the topics of the request alone. */
  | { readonly kind: 'rejected'; readonly id?: string; readonly topics?: readonly Topic[]; readonly scope?: 'topics'; readonly reason: string } // prettier-ignore
  /** The venue is about to close this connection. */
  | { readonly kind: 'going away' }
  /** Valid, but not about candles. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Text to send, its topics, and the id that the reply will carry. */
export interface StreamRequest {
  readonly id: string;
  readonly topics: readonly Topic[];
  readonly text: string;
}

/** What requests are written with. */
export interface Sending {
  /** A whole number in text; another one each time. */
  readonly nextId: () => string;
  /** The exchange's time, or this machine's while that is unknown, ms UTC: some venues want it in a request. */
  readonly now: EpochMs;
}

/** At most `limit` messages in any `windowMs`. */
export interface SendLimit {
  readonly limit: number;
  readonly windowMs: number;
  readonly countsPings: boolean;
}

export interface StreamLimits {
  /** Topics on one connection, with a safe margin below the venue's own limit. */
  readonly topicsPerConnection: number;
  /** Length of all topics of one connection together, in characters as `requests` writes them; Infinity for no limit. */
  readonly topicCharsPerConnection: number;
  /** Messages sent on one connection. */
  readonly sends: readonly SendLimit[];
  /** Connection attempts by one address. */
  readonly connects: { readonly limit: number; readonly windowMs: number };
}

/** How a peer is asked for a sign of life: by a WebSocket ping, or by a text of the venue's. */
export type KeepAlive =
  | { readonly ping: 'frame' }
  | { readonly ping: 'text'; readonly text: string; /** Sent so often whatever comes; Infinity for only when quiet. */ readonly everyMs: number }; // prettier-ignore

/** The stream half of a venue: data and pure functions, no I/O. */
export interface StreamProtocol {
  /** Where a topic is served; topics of one URL share connections. */
  urlOf(endpoint: string, topic: Topic): string;
  topicOf(series: SeriesKey): Topic;
  readonly keepAlive: KeepAlive;
  readonly limits: StreamLimits;
  /** The requests that start or stop topics, in as many messages as the venue's size limits ask for. */
  requests(verb: 'subscribe' | 'unsubscribe', topics: readonly Topic[], sending: Sending): readonly StreamRequest[];
  /**
   * True only where the bytes prove that a frame holds unfinished candles alone; anything else is to be decoded. Without
   * places all of the bytes are the frame. Runs for every frame: it must allocate nothing.
   */
  isUnfinished(bytes: Buffer, start?: number, end?: number): boolean;
  /** Never throws. */
  decode(frame: Buffer): readonly StreamMessage[];
}
