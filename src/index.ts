export { closedCandles$ } from './default-feed.ts';
export { createFeed, type Feed, type FeedOptions } from './create-feed.ts';
export { loadConfig } from './adapters/load-config.ts';
export { EventBus } from './feed/event-bus.ts';
export {
  EventType,
  type CandleClosed,
  type CandleMissing,
  type CloseRescued,
  type Connected,
  type Disconnected,
  type DisconnectReason,
  type EventOf,
  type FeedEvent,
  type FrameRejected,
  type GapFilled,
  type GapOpened,
  type HistoryTruncated,
  type MissingReason,
  type Reconnecting,
  type RowRejected,
  type SeriesSilent,
  type WaitedFor,
  type Waiting,
} from './core/events.ts';
export { resample } from './operators/resample.ts';
export type { ResampleOptions } from './core/resample-options.ts';
export type { IncompleteBucket } from './core/resample.ts';
export type { IncompleteReason } from './core/bucket.ts';
export type { CustomInterval, ResampleInterval } from './core/custom-interval.ts';
export { retryWithBackoff, type RetryWithBackoffOptions } from './operators/retry-with-backoff.ts';
export { publishTo } from './operators/publish-to.ts';
export { calculateBackoff, type ReconnectOptions, type ReconnectPolicy } from './core/backoff.ts';
export { INTERVALS, closeTimeOf, isInterval, nextOpenTime, openTimeAt, type Interval } from './core/interval.ts';
export { parseInterval } from './core/parse-interval.ts';
export {
  ConfigError,
  FeedClosedError,
  FeedError,
  GeoBlockedError,
  InternalError,
  LogError,
  ReconnectExhaustedError,
  ResampleError,
  StoreError,
  SymbolNotTradingError,
  UnknownSymbolError,
  UnsupportedIntervalError,
  isFeedError,
  type FeedErrorCode,
  type LogReason,
  type StoreReason,
} from './core/errors.ts';
export { FIELDS } from './core/candle.ts';
export type { Candle, CandleSource, EpochMs, RunningCandle, NativeVenueId, VenueId } from './core/candle.ts';
export type { ClosedCandlesOptions } from './core/closed-candles-options.ts';
export type { HistorySpan } from './core/history-span.ts';
export type { LogLevel } from './core/log-level.ts';
export type { FeedSettings } from './core/settings.ts';
export type { EncryptedKey, Pem, TlsOptions } from './core/tls-options.ts';
export { healthOf, type Health, type LateSeries } from './core/health.ts';
export type { DelayHistogram } from './core/delay-histogram.ts';
export type {
  FeedStatus,
  RequestOutcome,
  RestLimit,
  RestStatus,
  SeriesPhase,
  SeriesStatus,
  WaitStatus,
} from './core/status.ts';
export type { SymbolInfo, SymbolPhase } from './ports/symbol-info.ts';
