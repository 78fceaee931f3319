import type { EpochMs } from './candle.ts';
import { ConfigError } from './errors.ts';

/**
 * Where one subscription begins. Without either: with the candle that is running. With both, as a restarted program needs
 * it: the last `history` closed candles at or before `since`, then everything after `since`, then live.
 */
export interface ClosedCandlesOptions {
  /**
   * The last `n` closed candles that the exchange has (fewer only if it has fewer), then live, with no seam. Their `source`
   * is `'history'`.
   */
  readonly history?: number | undefined;
  /**
   * Every closed candle with open time after this, ms UTC or a Date, then live. Store the last `timestamp` you handled,
   * pass it back after a restart, and nothing is lost or repeated. What closed meanwhile has the `source` `'backfill'`.
   */
  readonly since?: EpochMs | Date | undefined;
}

/** The same, checked. */
export interface Beginning {
  readonly history: number;
  readonly since: EpochMs | undefined;
}

const KEYS = ['history', 'since'];
/** Any later, and the candle after it would close at a time that no `Date` can hold, ms UTC. */
const LATEST = 8e15;

/** @throws ConfigError that lists every problem */
export function checkBeginning(options: ClosedCandlesOptions = {}): Beginning {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new ConfigError(problems);
  const { history = 0, since } = options;
  return { history, since: since instanceof Date ? since.getTime() : since };
}

function problemsOf(options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return ['options: must be an object with history or since'];
  const { history, since }: { history?: unknown; since?: unknown } = options;
  const unknown = Object.keys(options).filter((key) => !KEYS.includes(key));
  return [
    ...unknown.map((key) => `${key}: is not an option; use history or since`),
    ...(isCount(history) ? [] : [`history: must be a whole number of at least 0, got ${String(history)}`]),
    ...(isTime(since) ? [] : [`since: must be a time in ms since 1970 or a Date, got ${String(since)}`]),
  ];
}

const isCount = (value: unknown) => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);

function isTime(value: unknown): boolean {
  const time = value instanceof Date ? value.getTime() : value;
  return time === undefined || (typeof time === 'number' && time >= 0 && time <= LATEST);
}
