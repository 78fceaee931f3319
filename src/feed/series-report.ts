import type { EpochMs } from '../core/candle.ts';
import { openTimeBefore } from '../core/evidence.ts';
import type { FeedEvent } from '../core/events.ts';
import { nextOpenTime, type Interval } from '../core/interval.ts';
import type { SeriesOutput } from '../core/series-state.ts';
import type { FeedStats } from './feed-stats.ts';
import type { SymbolList } from './symbol-list.ts';

/** First and last open time, both inclusive. */
interface Range {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Ranges that the exchange lacks, by series, so that each is told once however many subscriptions come across it. */
export class MissingLedger {
  readonly #ranges = new Map<string, Range[]>();

  /** The parts of a range that are news; they are not from then on. */
  add(symbol: string, interval: Interval, range: Range): readonly Range[] {
    const series = `${symbol}@${interval}`;
    const told = this.#ranges.get(series) ?? [];
    const news = told.reduce<readonly Range[]>(
      (parts, known) => parts.flatMap((part) => without(part, known, interval)),
      [range],
    );
    this.#ranges.set(series, [...told, ...news]);
    return news;
  }
}

function without(range: Range, known: Range, interval: Interval): readonly Range[] {
  if (known.to < range.from || range.to < known.from) return [range];
  return [
    ...(range.from < known.from ? [{ from: range.from, to: openTimeBefore(known.from, interval, range.from) }] : []),
    ...(known.to < range.to ? [{ from: nextOpenTime(known.to, interval), to: range.to }] : []),
  ];
}

export interface SeriesReportOptions {
  readonly symbol: string;
  readonly interval: Interval;
  readonly publish: (event: FeedEvent) => void;
  readonly stats: FeedStats;
  readonly missing: MissingLedger;
  readonly symbols: SymbolList;
}

/** When a close is late, a symbol list older than this is read again, ms; and when the exchange does not show it either. */
const LIST_AGE_LATE_MS = 60_000;
const LIST_AGE_DOUBTFUL_MS = 3000;

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

function reportMissing(range: Range, options: SeriesReportOptions): void {
  const { symbol, interval, publish, stats, missing } = options;
  for (const { from, to } of missing.add(symbol, interval, rangeOf(range))) {
    stats.missing += 1;
    publish({ type: 'CANDLE_MISSING', symbol, interval, from, to });
  }
}

const rangeOf = ({ from, to }: Range) => ({ from, to });
