import type { CandleSource, EpochMs } from './candle.ts';
import type { DisconnectReason } from './events.ts';

/** How long closes took from the candle's close time to the subscriber, by the exchange's clock. */
export interface DelayHistogram {
  /** Upper bounds of the buckets, ms; the last bucket has none. */
  readonly upToMs: readonly number[];
  /** Candles per bucket: one more than there are bounds. */
  readonly counts: readonly number[];
}

/** What a feed is doing and has done since it was created. */
export interface FeedStatus {
  readonly closed: boolean;
  /** Sockets open now. */
  readonly connections: number;
  /** Series subscribed on the wire now. */
  readonly streams: number;
  /** Of these, series that both of their connections carry now; 0 unless `connections` is 2. */
  readonly redundant: number;
  /** Lost or replaced connections so far, by reason. */
  readonly reconnects: Readonly<Partial<Record<DisconnectReason, number>>>;
  /**
   * Updates of running candles that had no subscriber but had to be decoded in full. Anything but 0 means that
   * the exchange writes its klines in a new format: nothing is lost, but each update costs a parse.
   */
  readonly framesDecodedInFull: number;
  /** Exchange time at which the stream last delivered data, to the second; null before the first. */
  readonly lastDataAt: EpochMs | null;
  /** Exchange's clock minus this machine's `Date.now()`, ms; null while unknown. */
  readonly clockOffsetMs: number | null;
  /** Candles delivered, each counted once per subscription. */
  readonly candles: Readonly<Record<CandleSource, number>>;
  /** Late closes fetched over REST. */
  readonly rescued: number;
  /** Gaps that opened and were filled. */
  readonly filled: number;
  /** Gaps open now. */
  readonly openGaps: number;
  /** Ranges that the exchange itself lacks. */
  readonly missing: number;
  /** Duplicate closes that were dropped. */
  readonly duplicates: number;
  /** Time spent in handlers, ms: those of candles, closed and running, and of the bus's events. */
  readonly handlerMs: number;
  /** The longest single call, ms; all handlers of one event of the bus are one call. */
  readonly slowestHandlerMs: number;
  /** Live closes only: `stream` and `backfill`. */
  readonly closeToEmitMs: DelayHistogram;
}
