import type { EpochMs } from './candle.ts';
import { ConfigError } from './errors.ts';
import { isTimeWithin, likelyUnitOf } from './time-bounds.ts';

/** A span of the past, by open time: from the one, inclusive, to the other, exclusive; ms UTC or Dates. */
export interface HistorySpan {
  /** 0 for all there is. */
  readonly from: EpochMs | Date;
  /** May lie in the future, which means up to the last candle that has closed. */
  readonly to: EpochMs | Date;
}

/** The same, checked. */
export interface CheckedSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const KEYS = ['from', 'to'];
/** @throws ConfigError that lists every problem */
export function checkSpan(span: unknown): CheckedSpan {
  const { from, to, ...others }: { from?: unknown; to?: unknown } =
    typeof span === 'object' && span !== null ? span : {};
  const [start, end] = [timeOf(from), timeOf(to)];
  const problems = [
    ...Object.keys(others).map((key) => `${key}: is not an option; use ${KEYS.join(' and ')}`),
    ...problemOf('from', from),
    ...problemOf('to', to),
  ];
  if (problems.length === 0 && start > end) problems.push(`from, to: from ${String(start)} is after to ${String(end)}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { from: start, to: end };
}

function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : NaN;
}

function problemOf(key: string, value: unknown): string[] {
  const time = timeOf(value);
  if (isTimeWithin(time)) return [];
  return [
    `${key}: must be 0, or a time from 2009 to 2100 in ms since 1970 or a Date, got ${String(value)}${likelyUnitOf(time)}`,
  ];
}
