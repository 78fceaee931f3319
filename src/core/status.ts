import type { CandleSource, EpochMs, VenueId } from './candle.ts';
import type { DelayHistogram } from './delay-histogram.ts';
import type { DisconnectReason, MissingReason, WaitedFor } from './events.ts';
import type { Interval } from './interval.ts';

/**
 * `starting`: the exchange's clock, symbol list or grid is not known yet. `catching up`: a subscriber still reads its past.
 * `live`: the stream carries it. `silent`: the stream should, and does not deliver. `over rest`: no connection carries it,
 * or the venue's stream calls no candle closed. `paused`: the exchange says that the symbol does not trade for now.
 */
export type SeriesPhase = 'starting' | 'catching up' | 'live' | 'silent' | 'over rest' | 'paused';

/** One series that is subscribed to. Times are as of this status. */
export interface SeriesStatus {
  readonly symbol: string;
  readonly interval: Interval;
  readonly phase: SeriesPhase;
  /** Candles so far that were delivered live, fetched ones included, however many subscribe. */
  readonly candles: number;
  /** Open time of the last of them, ms UTC; null before the first. */
  readonly lastTimestamp: EpochMs | null;
  /** How long the next candle has been over, or how long the series has been starting, ms; 0 while nothing is overdue. */
  readonly lateMs: number;
  /** Why it is late; null where it is not, or nobody knows. */
  readonly reason: string | null;
  /** Live candles that wait until their subscribers have caught up. */
  readonly queued: number;
}

/** What has been waited for longer than ten seconds, as `WAITING` tells it. */
export interface WaitStatus {
  readonly what: WaitedFor;
  readonly symbol?: string;
  readonly interval?: Interval;
  readonly reason: string;
  readonly waitedMs: number;
}

/** One of the limits that the exchange holds this address to; all feeds of a process that ask the same host share it. */
export interface RestLimit {
  /** `weight`, `requests`, or a path that is counted on its own. */
  readonly name: string;
  /** In the current window. */
  readonly used: number;
  readonly limit: number;
}

/** What became of a REST request. `cancelled`: it was no longer needed. The others are ways to fail. */
export type RequestOutcome =
  | 'answered' | 'cancelled' | 'network' | 'proxy' | 'certificate' | 'timeout' | 'rate limited' | 'banned' | 'geo-blocked'
  | 'refused' | 'server' | 'malformed'; // prettier-ignore

/** REST requests of this feed. */
export interface RestStatus {
  /** Requests so far, by what became of them. */
  readonly requests: Readonly<Record<RequestOutcome, number>>;
  /** Requests to this host that wait for their turn now. */
  readonly queued: number;
  readonly limits: readonly RestLimit[];
}

/** What a feed is doing and has done since it was created. */
export interface FeedStatus {
  readonly venue: VenueId;
  readonly closed: boolean;
  /** Sockets open now. */
  readonly connections: number;
  /** Series subscribed on the wire now. */
  readonly streams: number;
  /** Of these, series that both of their connections carry now; 0 unless `connections` is 2. */
  readonly redundant: number;
  /** Lost or replaced connections so far, by reason. */
  readonly reconnects: Readonly<Partial<Record<DisconnectReason, number>>>;
  /** Messages about candles that came on the stream, closed or not. */
  readonly framesReceived: number;
  /** Messages that could not be decoded. */
  readonly framesRejected: number;
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
  /** How long each of them was open. */
  readonly gapFillMs: DelayHistogram;
  /** Gaps open now. */
  readonly openGaps: number;
  /** Ranges that the exchange itself lacks. */
  readonly missing: number;
  /** Candles in these ranges, by reason. */
  readonly missingCandles: Readonly<Record<MissingReason, number>>;
  /** Closes that the stream sent a second time, and that were dropped. */
  readonly duplicates: number;
  /** Closes that the stream sent after they had been fetched, and that were dropped. */
  readonly late: number;
  /** Time spent in handlers, ms: those of candles, closed and running, and of the bus's events. */
  readonly handlerMs: number;
  /** The longest single call, ms; all handlers of one event of the bus are one call. */
  readonly slowestHandlerMs: number;
  /** Live closes only, `stream` and `backfill`: from the candle's close time to its subscribers, by the exchange's clock. */
  readonly closeToEmitMs: DelayHistogram;
  /** Everything that is subscribed to. */
  readonly series: readonly SeriesStatus[];
  /** Series whose symbol has stopped trading. */
  readonly completed: number;
  /** A series that is later than this has a reason to be looked at, ms: `graceMs`, and ten seconds to fetch and confirm a close. */
  readonly lateAfterMs: number;
  /** What is overdue now. */
  readonly waits: readonly WaitStatus[];
  readonly rest: RestStatus;
}
