import { isFeedError } from '../../index.ts';
import { failed, skipped, type Check, type Finding, type Tools } from './check.ts';

/** A finding, and whose it is. */
export interface Report extends Finding {
  readonly id: string;
  readonly title: string;
  readonly tookMs: number;
}

export interface ExamineOptions extends Tools {
  /** Leave out what takes long. */
  readonly quick: boolean;
}

/**
 * Runs checks in their order. One that needs a check which failed is skipped; the others go on.
 *
 * @returns ends early, after the last whole report, when the signal is aborted
 */
export async function* examine<S>(
  checks: readonly Check<S>[],
  subject: S,
  { quick, ...tools }: ExamineOptions,
): AsyncGenerator<Report> {
  const titles = new Map(checks.map(({ id, title }) => [id, title]));
  const stuck = new Set<string>();
  const ended = endOf(tools.signal);
  for (const check of checks) {
    const { id, title } = check;
    const startedAt = performance.now();
    const missing = missingOf(check, stuck, titles);
    if (missing !== undefined) stuck.add(id);
    tools.tell(title);
    const finding =
      missing ??
      (quick && check.isSlow === true ? LEFT_OUT : await Promise.race([ended, findingOf(check, subject, tools)]));
    if (finding === undefined) return;
    if (finding.outcome === 'failed') stuck.add(id);
    yield { id, title, ...finding, tookMs: Math.round(performance.now() - startedAt) };
  }
}

const LEFT_OUT = skipped('left out by --quick');

function missingOf(
  { needs = [] }: Pick<Check<never>, 'needs'>,
  stuck: ReadonlySet<string>,
  titles: ReadonlyMap<string, string>,
): Finding | undefined {
  const missing = needs.map((need) => [need].flat()).find((oneOf) => oneOf.every((id) => stuck.has(id)));
  return missing === undefined ? undefined : skipped(`needs ${missing.map((id) => titles.get(id) ?? id).join(' or ')}`);
}

async function findingOf<S>(check: Check<S>, subject: S, tools: Tools): Promise<Finding> {
  try {
    return await check.run(subject, tools);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (isFeedError(error)) return failed(text, 'the message says what is wrong (docs/errors.md)');
    return failed(`this check broke off: ${text}`, 'please report this');
  }
}

/** Resolves when the signal is aborted. */
function endOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
