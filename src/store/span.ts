import type { EpochMs } from '../core/candle.ts';
import { ConfigError } from '../core/errors.ts';
import { isTimeWithin, likelyUnitOf } from '../core/time-bounds.ts';
import type { StoredSpan } from '../ports/candle-store.ts';

/** The open times [from, before), ms UTC. */
export interface OpenTimes {
  readonly from: EpochMs;
  readonly before: EpochMs;
}

/** @throws ConfigError that lists every problem */
export function spanOf({ from, to }: StoredSpan): OpenTimes {
  const problems = [...problemOf('from', from), ...problemOf('to', to)];
  if (problems.length > 0) throw new ConfigError(problems);
  return { from: from === undefined ? -Infinity : Number(from), before: to === undefined ? Infinity : Number(to) };
}

function problemOf(key: string, value: EpochMs | Date | undefined): string[] {
  if (value === undefined || isTimeWithin(Number(value))) return [];
  const hint = likelyUnitOf(Number(value));
  return [`${key}: must be 0, or a time from 2009 to 2100 in ms since 1970 or a Date, got ${String(value)}${hint}`];
}
