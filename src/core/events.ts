import type { Candle, EpochMs, VenueId } from './candle.ts';
import type { Interval } from './interval.ts';

/** Names of the events on the bus, as constants. */
export const EventType = {
  CANDLE_CLOSED: 'CANDLE_CLOSED',
  CANDLE_MISSING: 'CANDLE_MISSING',
  HISTORY_TRUNCATED: 'HISTORY_TRUNCATED',
  CONNECTED: 'CONNECTED',
  DISCONNECTED: 'DISCONNECTED',
  RECONNECTING: 'RECONNECTING',
  GAP_OPENED: 'GAP_OPENED',
  GAP_FILLED: 'GAP_FILLED',
  CLOSE_RESCUED: 'CLOSE_RESCUED',
  SERIES_SILENT: 'SERIES_SILENT',
  FRAME_REJECTED: 'FRAME_REJECTED',
  ROW_REJECTED: 'ROW_REJECTED',
  WAITING: 'WAITING',
} as const;

export type EventType = (typeof EventType)[keyof typeof EventType];

interface OfVenue {
  readonly venue: VenueId;
}

interface OfSeries extends OfVenue {
  readonly symbol: string;
  readonly interval: Interval;
}

/** First and last open time of a range of candles, ms UTC, both inclusive. */
interface Range {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Why a session ended or was replaced. `proxy` and `certificate`: the exchange was not reached; `detail` says what to do. */
export type DisconnectReason =
  | 'closed by peer' | 'refused' | 'not found' | 'proxy' | 'certificate' | 'no pong' | 'silent' | 'rotation' | 'server shutdown' | 'no acknowledgement'
  | 'rejected' | 'silent series' | 'no longer needed'; // prettier-ignore

/** @typeParam I - the exchange's intervals; others, such as `7m`, only on a bus of one's own */
export interface CandleClosed<I extends string = Interval> extends OfVenue {
  readonly type: 'CANDLE_CLOSED';
  readonly symbol: string;
  readonly interval: I;
  readonly candle: Candle<I>;
}

/**
 * `absent`: the exchange has no row. `rejected`: it has one that is not a valid candle. `no trades`: it has no row, as always
 * where nothing was traded.
 */
export type MissingReason = 'absent' | 'rejected' | 'no trades';

/** The exchange itself lacks these candles. */
export interface CandleMissing extends OfSeries, Range {
  readonly type: 'CANDLE_MISSING';
  readonly reason: MissingReason;
}

/**
 * The exchange gives no candles as old as these, which were asked for: what there is begins behind them. Whether it ever had
 * them is not said.
 */
export interface HistoryTruncated extends OfSeries, Range {
  readonly type: 'HISTORY_TRUNCATED';
}

interface OfConnection extends OfVenue {
  /** With `connections: 2`: which of the two that carry each series. */
  readonly line?: 1 | 2;
}

/** `connection` numbers the feed's connections from 1; a replacement has a new number. */
export interface Connected extends OfConnection {
  readonly type: 'CONNECTED';
  readonly connection: number;
  readonly url: string;
}

/** A connection was closed: by us, by the exchange, or because it was found dead. */
export interface Disconnected extends OfConnection {
  readonly type: 'DISCONNECTED';
  readonly connection: number;
  readonly reason: DisconnectReason;
  /** WebSocket close code, where there was one. */
  readonly closeCode?: number;
  readonly detail?: string;
}

/** A connection will be opened in place of one that failed. */
export interface Reconnecting extends OfConnection {
  readonly type: 'RECONNECTING';
  /** Where to. */
  readonly url: string;
  /** 1 for the first retry since data was last delivered. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly reason: DisconnectReason;
  /** The cause, as reported by the network, TLS or the exchange; undefined if `reason` is all there is. */
  readonly detail?: string;
}

/** A series is waiting for candles to be fetched. Published at once, and repeatedly while the wait lasts. */
export interface GapOpened extends OfSeries, Range {
  readonly type: 'GAP_OPENED';
  readonly reason: string;
  /** How long the series has waited so far. */
  readonly waitedMs: number;
}

/** What a series waited for has been fetched, or reported missing. */
export interface GapFilled extends OfSeries, Range {
  readonly type: 'GAP_FILLED';
  readonly durationMs: number;
}

/** A close that had not arrived by close time + graceMs was fetched over REST. */
export interface CloseRescued extends OfSeries {
  readonly type: 'CLOSE_RESCUED';
  readonly timestamp: EpochMs;
  /** From the candle's close time to its delivery. */
  readonly lateMs: number;
}

/** Acknowledged, but the stream does not deliver what REST shows. */
export interface SeriesSilent extends OfSeries {
  readonly type: 'SERIES_SILENT';
  /** Open time of the first candle whose close the stream did not send. */
  readonly since: EpochMs;
}

/** A message could not be decoded and was dropped; nothing else is affected. */
export interface FrameRejected extends OfVenue {
  readonly type: 'FRAME_REJECTED';
  readonly reason: string;
  /** The first characters of the message. */
  readonly excerpt: string;
}

/**
 * A row of a REST response is not a valid candle, identically in several responses. Nothing else is affected:
 * the series continues without it, and if no other row opens in its place, the candle is reported missing.
 */
export interface RowRejected extends OfSeries {
  readonly type: 'ROW_REJECTED';
  /** Open time of the row. */
  readonly timestamp: EpochMs;
  /** The row as the exchange sent it. */
  readonly row: readonly unknown[];
  readonly reason: string;
}

/** `WAITING` and `GAP_OPENED` are published again each time this much has passed, ms. */
export const TELL_EVERY_MS = 10_000;

/** What a feed can wait for. `'last candle'`: the newest one of the exchange; `'connections'`: the next attempt to connect. */
export type WaitedFor = 'clock' | 'symbol list' | 'first candle' | 'last candle' | 'page of the past' | 'connections';

/** Something is overdue. Published after ten seconds, then every ten seconds. */
export interface Waiting extends Partial<OfSeries> {
  readonly type: 'WAITING';
  readonly what: WaitedFor;
  readonly reason: string;
  /** Since when, ms UTC. */
  readonly since: EpochMs;
  /** How long so far. */
  readonly waitedMs: number;
}

/** Everything that a bus carries. */
export type FeedEvent<I extends string = Interval> =
  | CandleClosed<I> | CandleMissing | HistoryTruncated | Connected | Disconnected | Reconnecting
  | GapOpened | GapFilled | CloseRescued | SeriesSilent | FrameRejected | RowRejected | Waiting; // prettier-ignore

/** The event of one type. */
export type EventOf<T extends EventType, I extends string = Interval> = Extract<FeedEvent<I>, { readonly type: T }>;

/** An event before the feed adds its venue. */
export type WithoutVenue<E> = E extends unknown ? Omit<E, 'venue'> : never;
