import type { EpochMs, VenueId } from '../core/candle.ts';
import type { Interval } from '../core/interval.ts';
import type { FakeSymbol } from './market/symbols.ts';

/** One candle that is about to be pushed as closed. */
export interface CloseInfo {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
  readonly openTime: EpochMs;
}

/** All optional: `startFakeExchange()` has a handful of symbols on each market. */
export interface FakeExchangeOptions {
  /** Which venues it speaks for, the default of its methods first. Default: all it knows, `binance-usdm` first. */
  readonly venues?: readonly VenueId[] | undefined;
  /** Same seed, same candles and same chances. Default 1. */
  readonly seed?: number | undefined;
  /** Symbols per market, as names or with details. Markets left out have a handful of well-known ones. */
  readonly symbols?: { readonly [V in VenueId]?: readonly (string | FakeSymbol)[] | undefined } | undefined;
  /** The exchange's time at the start, ms UTC: a moment before a boundary saves waiting. Default: now. */
  readonly startAt?: EpochMs | undefined;
  /** How far the exchange's clock is ahead of ours, ms. Default 0. */
  readonly clockOffsetMs?: number | undefined;
  /** How much faster than ours it runs, in millionths. Default 0. */
  readonly driftPpm?: number | undefined;
  /** Updates of each running candle per second; 0 for none. Default as the market does, only when something changed: on Binance 4 on futures, 0.5 on spot (`1s`: 1). */
  readonly updatesPerSecond?: number | undefined;
  /** How long after its boundary a closing frame is sent, ms. Default random, on Binance 5–100 on futures, 2–20 on spot. The real futures need up to 2 s and more. */
  readonly closeDelayMs?:
    number | { readonly min: number; readonly max: number } | ((close: CloseInfo) => number) | undefined;
  /** Whether a candle without trades is pushed as closed. True on the real spot; unknown on futures (docs/protocol.md, A kline). Default true. */
  readonly pushEmptyCloses?: boolean | undefined;
  /** False: the stream pushes nothing of its own, for `playFrames`. Default true. */
  readonly publish?: boolean | undefined;
  /** Server pings, ms. Default as the venue: on Binance 20 s on spot, 3 min on futures. */
  readonly pingEveryMs?: number | undefined;
  /** A connection whose pong is this late is cut, ms. Default 1 min on spot, 10 min on futures. */
  readonly pongWithinMs?: number | undefined;
  /** How long a connection may carry nothing either way before it is closed, ms, where the venue has such a rule. */
  readonly quietMs?: number | undefined;
  /** Age at which a connection is cut, ms. Default 24 h. */
  readonly maxAgeMs?: number | undefined;
  /** Default as the venue; on Binance 1024, 200 on COIN-M. */
  readonly topicsPerConnection?: number | undefined;
  /** Default as the venue; on Binance 10 on futures, 5 on spot, where pings and pongs count. */
  readonly messagesPerSecond?: number | undefined;
  /** Connection attempts per market. Default as the venue; 300 on Binance. */
  readonly attemptsPerFiveMinutes?: number | undefined;
  /** Binance's REST weight per minute. Default 6000 on spot, 2400 shared by both futures markets. */
  readonly weightLimit?: number | undefined;
  /** What requests weigh on this Binance. Default as the market documents: klines by their limit. */
  readonly restWeights?:
    { readonly klines?: number; readonly time?: number; readonly exchangeInfo?: number } | undefined;
  /** How long a ban lasts, ms. Default as the venue; 2 min on Binance. */
  readonly banMs?: number | undefined;
  /** Where a ban states its end: in `Retry-After`, or only in the text of its body. Default `header`. */
  readonly banTold?: 'header' | 'words' | undefined;
  /** How Binance's error replies look: `{"error":{code,msg},"id"}` as on the wire, or flat as the documents print them. Default `nested`. */
  readonly errorForm?: 'nested' | 'flat' | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Where it listens. Default `127.0.0.1`. */
  readonly host?: '127.0.0.1' | '::1' | undefined;
  /** Certificate and key of a server, PEM: `wss://` and `https://` in place of `ws://` and `http://`. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}
