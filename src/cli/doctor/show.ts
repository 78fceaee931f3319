import { merge } from 'rxjs';
import { canRedraw, linesOn, screenOn } from '../screen.ts';
import type { Output, Terminal } from '../terminal.ts';
import type { Check } from './check.ts';
import { examine, type Report } from './examine.ts';
import { jsonOf, summaryOf, textOf } from './report-text.ts';

/** What is examined, and for what. */
export interface Examination<S> {
  readonly checks: readonly Check<S>[];
  readonly subject: S;
}

export interface ShowOptions {
  /** Leave out what takes long. */
  readonly quick?: boolean | undefined;
  /** One JSON object a line. */
  readonly json?: boolean | undefined;
  /** How long one check may wait, ms. */
  readonly timeout: number;
}

/** On a narrower terminal nothing is drawn again, columns. */
const LEAST_COLUMNS = 40;

/**
 * Runs checks and writes what each found as soon as it has; ends early when the user interrupts.
 *
 * @returns rejects where a check failed, with an error that names those that did
 */
export async function examineAll<S>(
  { checks, subject }: Examination<S>,
  { quick = false, json = false, timeout: timeoutMs }: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const { signal, forget } = interruptionOf(terminal);
  const writer = json ? jsonWriter(terminal.out) : await textWriter(terminal.out, checks);
  const reports: Report[] = [];
  try {
    for await (const report of examine(checks, subject, { quick, timeoutMs, signal, tell: writer.tell })) {
      reports.push(report);
      writer.write(report);
    }
    writer.end(reports);
  } finally {
    forget();
  }
  throwIfFailed(reports);
}

interface Writer {
  readonly tell: (progress: string) => void;
  readonly write: (report: Report) => void;
  readonly end: (reports: readonly Report[]) => void;
}

function jsonWriter(out: Output): Writer {
  const { say } = linesOn(out);
  return { tell: () => undefined, write: (report) => say(jsonOf(report)), end: () => undefined };
}

async function textWriter(out: Output, checks: readonly { readonly title: string }[]): Promise<Writer> {
  const hasColour = (process.env['NO_COLOR'] ?? '') === '' && canRedraw(out, LEAST_COLUMNS);
  const screen = hasColour ? await screenOn(out) : linesOn(out);
  const titleWidth = Math.max(...checks.map(({ title }) => title.length));
  return {
    tell: (progress) => screen.draw(`… ${progress}`),
    write: (report) =>
      screen.say(textOf(report, { titleWidth, hasColour, columns: hasColour ? out.columns : undefined })),
    end: (reports) => {
      screen.say(summaryOf(reports));
      screen.clear();
    },
  };
}

function throwIfFailed(reports: readonly Report[]): void {
  const failed = reports.filter(({ outcome }) => outcome === 'failed').map(({ title }) => title);
  if (failed.length > 0) throw new Error(`${failed.length} of ${reports.length} checks failed: ${failed.join(', ')}`);
}

/** Aborted when the user interrupts, or nobody reads any more. */
function interruptionOf({ stop$, gone$ }: Terminal): { readonly signal: AbortSignal; readonly forget: () => void } {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const listening = merge(stop$, gone$).subscribe({ next: end, error: end });
  return { signal: controller.signal, forget: () => listening.unsubscribe() };
}
