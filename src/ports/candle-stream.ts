import type { Observable } from 'rxjs';
import type { Candle } from '../core/candle.ts';
import type { CandleMessage, SeriesKey } from './stream-protocol.ts';

/**
 * What a series receives from the stream.
 * A candle: the exchange says that it is closed; may be late, doubled or out of order.
 * `live`: acknowledged on an open session, closes from now on come by themselves. `lost`: no open session carries the
 * series, closes from now on are lost until `live`.
 */
export type SeriesSignal = Candle | 'live' | 'lost';

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
