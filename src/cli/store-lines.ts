import { statSync } from 'node:fs';
import { FIELDS } from '../index.ts';
import type { CandleStore, Finding, ReasonedGap, SeriesInfo } from '../store/index.ts';
import { sizeText } from './size.ts';

/** Gaps of a series that are listed. */
const MOST_GAPS = 5;

/** What is in a store, line by line. */
export async function infoLines(store: CandleStore, asJson: boolean): Promise<readonly string[]> {
  const all = await store.info();
  if (asJson) return all.map((info) => JSON.stringify(info));
  const lines = await Promise.all(all.map(async (info) => [lineOf(info), ...gapLines(await store.missing(info))]));
  return [`${store.path}: ${all.length} series, ${sizeOf(store.path)}`, ...lines.flat()];
}

function lineOf({ venue, symbol, interval, candles, first, last, gaps, revisions }: SeriesInfo): string {
  const revised = revisions === 0 ? '' : `, ${revisions} revised`;
  return `${venue} ${symbol} ${interval}: ${candles} candles, ${timeOf(first)} to ${timeOf(last)}, ${gaps} gaps${revised}`;
}

function gapLines(gaps: readonly ReasonedGap[]): readonly string[] {
  const lines = gaps.slice(0, MOST_GAPS).map(gapLine);
  return gaps.length > MOST_GAPS ? [...lines, `  and ${gaps.length - MOST_GAPS} more`] : lines;
}

function gapLine({ from, to, reason }: ReasonedGap): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  return `  missing at the exchange: ${timeOf(from)} to ${timeOf(to)}${why}`;
}

/** With what is not yet in the file itself. */
function sizeOf(path: string): string {
  const bytes = ['', '-wal'].map((end) => statSync(path + end, { throwIfNoEntry: false })?.size ?? 0);
  return sizeText(bytes.reduce((sum, size) => sum + size));
}

export interface AuditSum {
  readonly count: number;
  readonly series: number;
  /** False where it was stopped before all had been read. */
  readonly isWhole: boolean;
}

/** What is said at the end of an audit. */
export function auditSum({ count, series, isWhole }: AuditSum): string {
  const differences = count === 0 ? 'no difference' : count === 1 ? '1 difference' : `${count} differences`;
  return isWhole
    ? `${differences} in ${series} series`
    : `stopped; ${differences} in what was read of ${series} series`;
}

/** One difference: as JSON, or for people. */
export function findingLine(finding: Finding, asJson: boolean): string {
  if (asJson) return JSON.stringify(finding);
  const { symbol, interval, timestamp } = finding.kind === 'withdrawn' ? finding.stored : finding.candle;
  return `${timeOf(timestamp)} ${symbol} ${interval} ${finding.kind}${changesIn(finding)}`;
}

function changesIn(finding: Finding): string {
  if (finding.kind !== 'revised') return '';
  const { stored, candle } = finding;
  const changed = FIELDS.filter((field) => field !== 'source' && stored[field] !== candle[field]);
  return `: ${changed.map((field) => `${field} ${String(stored[field])} → ${String(candle[field])}`).join(', ')}`;
}

function timeOf(time: number): string {
  return new Date(time).toISOString().replace(/(:00)?\.000Z$/, 'Z');
}
