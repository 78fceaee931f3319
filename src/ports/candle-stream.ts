import type { Observable } from 'rxjs';
import type { Candle } from '../core/candle.ts';
import type { DisconnectReason } from '../core/events.ts';
import type { FeedStatus } from '../core/status.ts';
import type { CandleMessage, SeriesKey } from './stream-protocol.ts';

/**
 * What a series receives from the stream.
 * A candle: the exchange says that it is closed; may be late, doubled or out of order.
 * `live`: acknowledged on an open session, closes from now on come by themselves. `lost`: no open session carries the
 * series, closes from now on are lost until `live`. `moved on`: an update of a later candle came, so that those before
 * it are over, with whatever values.
 */
export type SeriesSignal = Candle | 'live' | 'lost' | 'moved on';

/** Candles as the exchange pushes them, over as many connections as the venue's limits ask for. */
export interface CandleStream {
  /**
   * One series, kept subscribed on the wire while somebody listens.
   *
   * Emits:     `live` and `lost` as they change, and each close as it comes.
   * Errors:    with a FeedError when the stream has given up (reconnects exhausted, geo-block).
   * Completes: never.
   */
  closes$(series: SeriesKey): Observable<SeriesSignal>;
  /** Updates of the running candle; only on top of a subscription to `closes$`. Otherwise as `closes$`. */
  running$(series: SeriesKey): Observable<CandleMessage>;
  /** The series is acknowledged yet silent: carry it on a fresh connection. Pauses between moves grow. */
  refresh(series: SeriesKey): void;
  /** Closes every connection and timer. */
  close(): void;
}

/** What `status$` counts of the messages on the stream, by the names it has there. */
export type FrameCounts = Pick<FeedStatus, 'framesReceived' | 'framesRejected' | 'framesDecodedInFull'>;

/** Statistics of the stream. */
export interface StreamSnapshot {
  /** Connections that are open now, standbys included. */
  readonly connections: number;
  /** Topics that are wanted, and those of them acknowledged on an open connection. */
  readonly topics: number;
  readonly live: number;
  /** Of the live ones, those that two lines carry. */
  readonly redundant: number;
  readonly counts: FrameCounts;
  /** Connections that ended or were replaced, by reason; those no longer needed are not counted. */
  readonly reconnects: Readonly<Partial<Record<DisconnectReason, number>>>;
  /** Scheduler time at which data was last seen, to the second; undefined before the first. */
  readonly lastDataAt: number | undefined;
}

/** One whose numbers `status$` shows. */
export interface CountedCandleStream extends CandleStream {
  snapshot(): StreamSnapshot;
}
