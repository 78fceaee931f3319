import { Help } from 'commander';
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
  /** Width of the terminal; undefined where lines are not to be broken. */
  readonly columns?: number | undefined;
}

export function textOf({ outcome, title, found, advice }: Report, format: ReportFormat): string {
  const [mark, style] = MARKS[outcome];
  const { titleWidth, hasColour, columns } = format;
  const begin = `${hasColour ? painted(style, mark) : mark} ${title.padEnd(titleWidth)}  `;
  const line = begin + broken(found, titleWidth + 4, columns);
  return advice === undefined ? line : `${line}\n    → ${broken(advice, 6, columns)}`;
}

/** A text in lines that fit, each as far from the left as the first. */
function broken(text: string, margin: number, columns: number | undefined): string {
  if (columns === undefined) return text;
  return new Help().boxWrap(text, columns - margin).replaceAll('\n', `\n${' '.repeat(margin)}`);
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
