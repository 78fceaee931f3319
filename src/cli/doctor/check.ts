/** `failed` alone makes the command fail; `skipped` was not tried, or does not apply. */
export type Outcome = 'ok' | 'warning' | 'failed' | 'skipped';

export type Measure = string | number | boolean | null | readonly (string | number)[];

/** What one check found. Nothing in it is secret. */
export interface Finding {
  readonly outcome: Outcome;
  /** One line for people: what was measured, or why it failed. */
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly advice?: string | undefined;
  /** For programs: values under stable names that carry their unit. */
  readonly measures?: Readonly<Record<string, Measure>> | undefined;
}

/** What a check may use besides its subject. */
export interface Tools {
  /** How long a check may wait for one answer, ms. */
  readonly timeoutMs: number;
  /** Aborted when the user wants an end. */
  readonly signal: AbortSignal;
  /** Shows what is being waited for. */
  readonly tell: (progress: string) => void;
}

/**
 * One thing that has to be right. To add one, write it and put it into its list (`exchange-checks.ts`), after those that it needs.
 *
 * @typeParam S - what is examined, and what checks share: a value that one asked for, others need not ask for again
 */
export interface Check<S> {
  /** Stable: scripts and `needs` use it. */
  readonly id: string;
  readonly title: string;
  /** Checks without which this one is pointless; of a list within the list, one is enough. */
  readonly needs?: readonly (string | readonly string[])[];
  /** Takes up to a minute: `--quick` leaves it out. */
  readonly isSlow?: true;
  run(subject: S, tools: Tools): Finding | Promise<Finding>;
}

type Measures = Finding['measures'];

export function ok(found: string, measures?: Measures): Finding {
  return { outcome: 'ok', found, measures };
}

export function warning(found: string, advice: string, measures?: Measures): Finding {
  return { outcome: 'warning', found, advice, measures };
}

export function failed(found: string, advice: string, measures?: Measures): Finding {
  return { outcome: 'failed', found, advice, measures };
}

export function skipped(found: string): Finding {
  return { outcome: 'skipped', found };
}
