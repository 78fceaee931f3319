import type { EpochMs } from '../core/candle.ts';
import type { FeedEvent } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';
import type { SeriesOutput } from '../core/series-state.ts';
import type { FeedStats } from './feed-stats.ts';

/** Ranges that the exchange lacks, by series, so that each is told once however many subscriptions come across it. */
export class MissingLedger {
  readonly #ranges = new Map<string, { from: EpochMs; to: EpochMs }[]>();

  /** Whether the range is news; it is not from then on. */
  add(series: string, from: EpochMs, to: EpochMs): boolean {
    const ranges = this.#ranges.get(series) ?? [];
    if (ranges.some((range) => range.from <= from && to <= range.to)) return false;
    ranges.push({ from, to });
    this.#ranges.set(series, ranges);
    return true;
  }
}

export interface SeriesReportOptions {
  readonly symbol: string;
  readonly interval: Interval;
  readonly publish: (event: FeedEvent) => void;
  readonly stats: FeedStats;
  readonly missing: MissingLedger;
}

/** Turns what a series says of itself into events and counters. */
export function reportSeries(output: SeriesOutput, options: SeriesReportOptions): void {
  const { symbol, interval, publish, stats } = options;
  switch (output.kind) {
    case 'missing':
      reportMissing(output, options);
      break;
    case 'gap opened':
      if (output.waitedMs === 0) stats.openGaps += 1;
      publish({
        type: 'GAP_OPENED',
        symbol,
        interval,
        ...rangeOf(output),
        reason: output.reason,
        waitedMs: output.waitedMs,
      });
      break;
    case 'gap filled':
      stats.openGaps -= 1;
      stats.filled += 1;
      publish({ type: 'GAP_FILLED', symbol, interval, ...rangeOf(output), durationMs: output.durationMs });
      break;
    case 'rescued':
      stats.rescued += 1;
      publish({ type: 'CLOSE_RESCUED', symbol, interval, timestamp: output.timestamp, lateMs: output.lateMs });
      break;
    case 'silent':
      publish({ type: 'SERIES_SILENT', symbol, interval, since: output.since });
      break;
    case 'duplicate':
      stats.duplicates += 1;
      return;
    default:
      return;
  }
  stats.changed();
}

function reportMissing({ from, to }: { from: EpochMs; to: EpochMs }, options: SeriesReportOptions): void {
  const { symbol, interval, publish, stats, missing } = options;
  if (!missing.add(`${symbol}@${interval}`, from, to)) return;
  stats.missing += 1;
  publish({ type: 'CANDLE_MISSING', symbol, interval, from, to });
}

const rangeOf = ({ from, to }: { from: EpochMs; to: EpochMs }) => ({ from, to });
