import type { Candle, EpochMs } from '../../core/candle.ts';
import type { RejectedRow } from '../../core/evidence.ts';
import { candlesIn } from '../../core/interval.ts';
import type { SeriesOutput } from '../../core/series-state.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesName } from './series-name.ts';

/** One that knows how it came by its candles. */
export interface ReportingSeries extends SeriesName {
  readonly record: { readonly fetchedUpTo: EpochMs | undefined };
}

export type ReportDeps = Pick<SeriesContext, 'publish' | 'stats' | 'missing' | 'symbols'> & {
  readonly stream: Pick<SeriesContext['stream'], 'refresh'>;
};

/** Age at which the symbol list is read again, ms: when a close is late, and when REST does not show it either. */
const LIST_AGE_LATE_MS = 60_000;
const LIST_AGE_DOUBTFUL_MS = 3000;

/** Turns outputs of a series into events and counters, and refreshes the symbol list when a close is late. */
export function reportSeries(output: SeriesOutput, series: ReportingSeries, deps: ReportDeps): void {
  const { symbol, interval } = series;
  if (output.kind === 'deliver') reportDelivery(output.candle, deps);
  else if (output.kind === 'read') deps.symbols.refresh(output.doubtful ? LIST_AGE_DOUBTFUL_MS : LIST_AGE_LATE_MS);
  else if (output.kind === 'duplicate') deps.stats.countDropped(wasFetched(series, output.timestamp));
  else if (output.kind === 'rejected') reportRejected(output.row, { symbol, interval }, deps);
  else if (output.kind === 'missing') reportMissing(output, { symbol, interval }, deps);
  else if (output.kind === 'truncated') reportTruncated(output, { symbol, interval }, deps);
  else reportWaiting(output, { symbol, interval }, deps);
}

function wasFetched({ record: { fetchedUpTo } }: ReportingSeries, timestamp: EpochMs): boolean {
  return fetchedUpTo !== undefined && timestamp <= fetchedUpTo;
}

/** Some markets go on showing flat candles over REST after a symbol has ended; the stream does not push them. */
function reportDelivery(candle: Candle, { stats, symbols }: ReportDeps): void {
  if (candle.source === 'backfill' && candle.volume === 0) symbols.refresh(LIST_AGE_DOUBTFUL_MS);
  stats.changed();
}

function reportWaiting(output: SeriesOutput, series: SeriesName, { publish, stats, stream }: ReportDeps): void {
  switch (output.kind) {
    case 'gap opened': {
      const { from, to, reason, waitedMs } = output;
      if (waitedMs === 0) stats.openGaps += 1;
      publish({ type: 'GAP_OPENED', ...series, from, to, reason, waitedMs });
      break;
    }
    case 'gap filled': {
      const { from, to, durationMs } = output;
      stats.openGaps -= 1;
      stats.countFilled(durationMs);
      publish({ type: 'GAP_FILLED', ...series, from, to, durationMs });
      break;
    }
    case 'gap left':
      stats.openGaps -= 1;
      break;
    case 'rescued':
      stats.rescued += 1;
      publish({ type: 'CLOSE_RESCUED', ...series, timestamp: output.timestamp, lateMs: output.lateMs });
      break;
    case 'silent':
      publish({ type: 'SERIES_SILENT', ...series, since: output.since });
      stream.refresh(series);
      break;
    default:
      return;
  }
  stats.changed();
}

function reportRejected(rejected: RejectedRow, series: SeriesName, { publish, missing }: ReportDeps): void {
  const { timestamp, row, reason } = rejected;
  if (!missing.reject(series.symbol, series.interval, timestamp)) return;
  publish({ type: 'ROW_REJECTED', ...series, timestamp, row, reason });
}

function reportTruncated(
  range: Extract<SeriesOutput, { readonly kind: 'truncated' }>,
  series: SeriesName,
  { publish, missing }: ReportDeps,
): void {
  for (const { from, to } of missing.add(series.symbol, series.interval, range))
    publish({ type: 'HISTORY_TRUNCATED', ...series, from, to });
}

function reportMissing(
  range: Extract<SeriesOutput, { readonly kind: 'missing' }>,
  series: SeriesName,
  { publish, stats, missing }: ReportDeps,
): void {
  for (const { from, to } of missing.add(series.symbol, series.interval, range)) {
    stats.countMissing(range.reason, candlesIn(from, to, series.interval));
    publish({ type: 'CANDLE_MISSING', ...series, from, to, reason: range.reason });
  }
  stats.changed();
}
