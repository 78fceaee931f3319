import type { LateSeries } from '../core/health.ts';
import type { LogCounts } from './log-counts.ts';

/** Whether what a program puts into a log, or reads out of it, is as late as it may be. */
export interface LogHealth {
  readonly healthy: boolean;
  /** Its name. */
  readonly log: string;
  /** What is later than it may be, and why. */
  readonly late: readonly LateSeries[];
}

/** How long the log may be away, a candle may wait to be stored, and nothing may come of the past that is read, ms. */
const PATIENCE_MS = 10_000;
/** How long after its close a candle may come to a reader: it is fetched, if need be, before it is stored. ms. */
const LATE_AFTER_MS = 30_000;

/**
 * Whether the log can be reached, nothing waits to be stored for long, and every series that is read has its newest candle,
 * by this machine's clock. A reader is told neither of a symbol that is paused nor of an interval without trades: both are
 * late to it.
 */
export function logHealthOf({ name, link, feeding, reading }: LogCounts): LogHealth {
  const { away } = link;
  const { oldest } = feeding;
  const reason = away?.reason;
  const late = [
    ...(away !== undefined && away.forMs > PATIENCE_MS ? [{ lateMs: away.forMs, reason: away.reason }] : []),
    ...(oldest !== undefined && oldest.waitedMs > PATIENCE_MS
      ? [{ ...nameOf(oldest.candle), lateMs: oldest.waitedMs, reason: reason ?? 'it waits to be stored' }]
      : []),
    ...reading.awaited.flatMap(({ series, lateMs }) => {
      if (series === undefined) return lateMs > PATIENCE_MS ? [{ lateMs, reason: reason ?? NO_PAST }] : [];
      return lateMs > LATE_AFTER_MS ? [{ ...nameOf(series), lateMs, reason: reason ?? NOT_STORED }] : [];
    }),
  ];
  return { healthy: late.length === 0, log: name, late };
}

const NO_PAST = 'nothing comes of the past that is read';
const NOT_STORED = 'nobody has stored its next candle';

function nameOf({
  symbol,
  interval,
}: Pick<Required<LateSeries>, 'symbol' | 'interval'>): Pick<LateSeries, 'symbol' | 'interval'> {
  return { symbol, interval };
}
