import type { EpochMs, VenueId } from '../../core/candle.ts';

/** A limit of the exchange that a client broke. */
export interface LimitBreak {
  readonly at: EpochMs;
  readonly venue: VenueId;
  readonly limit: 'topics' | 'messages' | 'attempts' | 'weight' | 'ban';
  readonly detail: string;
}

/** One klines request as it came. */
export interface KlinesRequestSeen {
  readonly at: EpochMs;
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: string;
  readonly startTime: EpochMs | undefined;
  readonly endTime: EpochMs | undefined;
  readonly limit: number;
  readonly rows: number;
}

/** What the exchange has seen so far. Read it at any time; it is live. */
export class Stats {
  /** Open connections. */
  connections = 0;
  /** Connections ever opened, refused ones not counted. */
  connectionsEver = 0;
  /** Addresses that TCP connections came from. */
  readonly peers = new Set<string>();
  /** Handshakes requested so far, including refused ones. */
  attempts = 0;
  /** Different series that are subscribed and known to the market. */
  topics = 0;
  /** Requests to subscribe received. */
  subscribes = 0;
  /** Requests to unsubscribe received. */
  unsubscribes = 0;
  /** Closed candles pushed: per topic, however many connections got it. */
  closes = 0;
  /** Kline frames written to sockets. */
  frames = 0;
  readonly limitBreaks: LimitBreak[] = [];
  /** REST requests by path, and what they cost of their limits. */
  readonly requests = new Map<string, { count: number; weight: number }>();
  readonly klines: KlinesRequestSeen[] = [];

  countRequest(path: string, weight: number): void {
    const seen = this.requests.get(path) ?? { count: 0, weight: 0 };
    this.requests.set(path, { count: seen.count + 1, weight: seen.weight + weight });
  }
}
