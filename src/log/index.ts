export { feedTo, type FeedToOptions, type LiveCandles } from './feed-to.ts';
export type { Fed } from './append-in-order.ts';
export {
  closedCandlesOf$,
  closedCandlesOfMany$,
  type LoggedCandlesOptions,
  type ManyLoggedCandlesOptions,
  type SeriesMark,
} from './closed-candles-of.ts';
export { LogCounts, type LogCountsOptions } from './log-counts.ts';
export { logHealthOf, type LogHealth } from './log-health.ts';
export { LogError, type LogReason } from '../core/errors.ts';
export { LogInterrupted } from '../core/log-interrupted.ts';
export type {
  AppendAnswer,
  CandleLog,
  CandleSeries,
  Conflict,
  LogEntry,
  LogSignal,
  LogStart,
  LogStatus,
  SeriesPattern,
} from '../ports/candle-log.ts';
