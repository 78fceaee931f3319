import { painted } from '../live/live-table.ts';
import type { Outcome } from './check.ts';
import type { Report } from './examine.ts';

type Style = Parameters<typeof painted>[0];

const MARKS: Readonly<Record<Outcome, readonly [mark: string, style: Style]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
  skipped: ['–', 'dim'],
};

/** A line for each report, with what to do below it. */
export interface ReportFormat {
  /** Width of the longest title. */
  readonly titleWidth: number;
  readonly hasColour: boolean;
}

export function textOf({ outcome, title, found, advice }: Report, { titleWidth, hasColour }: ReportFormat): string {
  const [mark, style] = MARKS[outcome];
  const begin = hasColour ? painted(style, mark) : mark;
  const line = `${begin} ${title.padEnd(titleWidth)}  ${found}`;
  return advice === undefined ? line : `${line}\n${' '.repeat(titleWidth + 4)}→ ${advice}`;
}

/** One JSON object: all keys in every line, in this order. */
export function jsonOf({ id, title, outcome, found, advice, measures = {}, tookMs }: Report): string {
  return JSON.stringify({ id, title, outcome, found, advice: advice ?? null, measures, tookMs });
}

/** The last line: `17 checks: 14 ✓, 1 !, 1 ✗, 1 –`. */
export function summaryOf(reports: readonly Report[]): string {
  const counts = Object.entries(MARKS).map(([outcome, [mark]]) => {
    return { mark, count: reports.filter((report) => report.outcome === outcome).length };
  });
  const shown = counts.filter(({ count }) => count > 0).map(({ mark, count }) => `${count} ${mark}`);
  return `${reports.length} ${reports.length === 1 ? 'check' : 'checks'}: ${shown.join(', ')}`;
}
