import type { EpochMs } from './candle.ts';
import { ConfigError } from './errors.ts';
import { isRecord } from './schema.ts';
import { EARLIEST_TIME, isTimeWithin, likelyUnitOf } from './time-bounds.ts';

/**
 * Where a subscription begins. With neither: with the running candle. With both, as a restarted program needs
 * it: the last `history` closed candles at or before `since`, then everything after `since`, then live.
 */
export interface ClosedCandlesOptions {
  /**
   * The last `n` closed candles of the exchange (fewer only if it has fewer), then live, without a gap. Their `source`
   * is `'history'`.
   */
  readonly history?: number | undefined;
  /**
   * Every closed candle with open time after this, ms UTC or a Date, then live; 0 means everything. Store the last
   * `timestamp` you processed and pass it after a restart: nothing is lost or repeated. What closed meanwhile has the
   * `source` `'backfill'`.
   */
  readonly since?: EpochMs | Date | undefined;
}

/** The same, checked. */
export interface Beginning {
  readonly history: number;
  readonly since: EpochMs | undefined;
  /** Local time at which `subscribe` was called, where that was earlier than now. */
  readonly subscribedAt: number | undefined;
}

/** Not accessible to users. */
const SUBSCRIBED_AT = Symbol('subscribedAt');

/** The same options, for a subscription made at this local time that had to wait for its feed. */
export function asOf(local: number, options: ClosedCandlesOptions | undefined): ClosedCandlesOptions {
  // Anything but an object is rejected where options are validated.
  if (options !== undefined && !isRecord(options)) return options;
  return { ...options, [SUBSCRIBED_AT]: local } as ClosedCandlesOptions;
}

type Options = ClosedCandlesOptions & { readonly [SUBSCRIBED_AT]?: number };

const KEYS = ['history', 'since'];

/**
 * @param earliest - any `since` before this, except 0, is a mistake; ms UTC
 * @throws ConfigError that lists every problem
 */
export function checkBeginning(options: ClosedCandlesOptions = {}, earliest: EpochMs = EARLIEST_TIME): Beginning {
  const problems = problemsOf(options, earliest);
  if (problems.length > 0) throw new ConfigError(problems);
  const { history = 0, since, [SUBSCRIBED_AT]: subscribedAt }: Options = options;
  return { history, since: since instanceof Date ? since.getTime() : since, subscribedAt };
}

function problemsOf(options: unknown, earliest: EpochMs): string[] {
  if (typeof options !== 'object' || options === null) return ['options: must be an object with history or since'];
  const { history, since }: { history?: unknown; since?: unknown } = options;
  const unknown = Object.keys(options).filter((key) => !KEYS.includes(key));
  return [
    ...unknown.map((key) => `${key}: is not an option; use history or since`),
    ...(isCount(history) ? [] : [`history: must be a whole number of at least 0, got ${String(history)}`]),
    ...sinceProblems(since, earliest),
  ];
}

const isCount = (value: unknown) => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);

function sinceProblems(since: unknown, earliest: EpochMs): string[] {
  const time = since instanceof Date ? since.getTime() : since;
  if (time === undefined) return [];
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    return [`since: must be a time in ms since 1970 or a Date, got ${String(since)}`];
  }
  if (isTimeWithin(time, earliest)) return [];
  const must = 'must be a time from 2009 to 2100 in ms since 1970 or as a Date, or 0 for everything';
  return [`since: ${must}, got ${time}${likelyUnitOf(time)}`];
}
