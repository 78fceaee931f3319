import { countOf, type Hole } from './holes.ts';
import { number } from './progress.ts';

/** Holes that are listed; more are only counted. */
const MOST_HOLES = 20;

export interface Report {
  readonly path: string;
  readonly rows: number;
  readonly added: number;
  readonly series: number;
  readonly holes: readonly Hole[];
  /** The user has interrupted. */
  readonly isStopped: boolean;
  /** Whether the same command would go on where this one ended. */
  readonly canResume: boolean;
}

/** What is said at the end: the holes, then one line that sums up. */
export function reportLines(report: Report): readonly string[] {
  const { holes } = report;
  const more = holes.length > MOST_HOLES ? [`and ${number(holes.length - MOST_HOLES)} more holes`] : [];
  return [...holes.slice(0, MOST_HOLES).map(holeLine), ...more, summaryOf(report)];
}

function summaryOf({ path, rows, added, series, holes, isStopped, canResume }: Report): string {
  const missing = number(holes.reduce((sum, hole) => sum + countOf(hole), 0));
  const lacks = holes.length === 0 ? 'none missing' : `${missing} missing in ${plural(holes.length, 'hole', 'holes')}`;
  if (isStopped && !canResume) return `stopped; ${path} was not written`;
  const what = `${plural(rows, 'candle', 'candles')} of ${plural(series, 'series', 'series')} in ${path}`;
  const how = added === rows ? '' : ` (${number(added)} new)`;
  return `${isStopped ? 'stopped with ' : ''}${what}${how}, ${lacks}${isStopped ? '; the same command goes on' : ''}`;
}

function holeLine(hole: Hole): string {
  const { symbol, interval, from, to } = hole;
  const range = from === to ? iso(from) : `${iso(from)} to ${iso(to)}`;
  return `the exchange has no candles of ${symbol} ${interval} ${range} (${number(countOf(hole))})`;
}

function plural(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
