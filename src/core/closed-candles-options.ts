import type { EpochMs } from './candle.ts';
import { ConfigError } from './errors.ts';

/** Where one subscription begins. Without either: with the candle that is running. */
export interface ClosedCandlesOptions {
  /** The last `n` closed candles that the exchange has (fewer only if it has fewer), then live, with no seam. */
  readonly history?: number | undefined;
  /**
   * Every closed candle with open time after this, ms UTC or a Date, then live. Store the last `timestamp` you handled,
   * pass it back after a restart, and nothing is lost or repeated.
   */
  readonly since?: EpochMs | Date | undefined;
}

/** The same, checked: at most one of the two is set. */
export interface Beginning {
  readonly history: number;
  readonly since: EpochMs | undefined;
}

const KEYS = ['history', 'since'];
/** Any later, and the candle after it would close at a time that no `Date` can hold, ms UTC. */
const LATEST = 8e15;

/** @throws ConfigError that lists every problem */
export function checkBeginning(options: ClosedCandlesOptions = {}): Beginning {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new ConfigError([`options: must be an object with history or since, got ${String(options)}`]);
  const { history, since } = options;
  const sinceMs = since instanceof Date ? since.getTime() : since;
  const problems = [
    ...Object.keys(options)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `${key}: is not an option; use history or since`),
    ...(history === undefined || (Number.isSafeInteger(history) && history >= 0)
      ? []
      : [`history: must be a whole number of at least 0, got ${String(history)}`]),
    ...(sinceMs === undefined || (Number.isFinite(sinceMs) && sinceMs >= 0 && sinceMs <= LATEST)
      ? []
      : [`since: must be a time in ms since 1970 or a Date, got ${String(since)}`]),
    ...(history !== undefined && since !== undefined ? ['history, since: exclude each other'] : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return { history: history ?? 0, since: sinceMs };
}
