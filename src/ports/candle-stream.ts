import type { Candle, EpochMs } from '../core/candle.ts';
import type { FeedError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';

/** What a series hears from the stream. Plain calls, not an Observable: thousands of series each keep one. */
export interface SeriesListener {
  /** The exchange says that this candle is closed (`x: true`). May be late, doubled or out of order. */
  onClosed(candle: Candle): void;
  /** An update of a running candle, built by the exchange at `eventTime`; only while running candles are asked for. */
  onRunning(candle: Candle, eventTime: EpochMs): void;
  /** Acknowledged on an open session: closes from now on come by themselves. Told again after each loss. */
  onLive(): void;
  /** No open session carries the series: closes from now on are lost until `onLive`. */
  onLost(): void;
  /** The stream has given up (reconnects exhausted, geo-block). Nothing more will come. */
  onError(error: FeedError): void;
}

/** One series kept subscribed on the wire. */
export interface Watch {
  /** Whether `onRunning` is wanted. */
  setRunning(wanted: boolean): void;
  /** The series is acknowledged yet silent: carry it on a fresh connection. Pauses between moves grow. */
  refresh(): void;
  /** UNSUBSCRIBE, and close the connection when it carries nothing else. */
  stop(): void;
}

/** Closed candles as the exchange pushes them, over as many connections as the venue's limits ask for. */
export interface CandleStream {
  watch(symbol: string, interval: Interval, listener: SeriesListener): Watch;
  /** Closes every connection and timer. */
  close(): void;
}
