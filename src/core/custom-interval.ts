import { ResampleError } from './errors.ts';
import { isInterval, SHORTEST_LENGTH_MS, type Interval } from './interval.ts';

/** A whole number of seconds, minutes, hours or days that the exchange need not have: `7m`, `90m`, `2d`. */
export type CustomInterval = `${number}${'s' | 'm' | 'h' | 'd'}`;

/** What `resample` can make: the exchange's intervals and any whole number of seconds, minutes, hours or days. */
export type ResampleInterval = Interval | CustomInterval;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: SHORTEST_LENGTH_MS['1d'] } as const;

/** Length of `7m`, `90m`, `2d`, ms; undefined for a text that is no such interval: `0m`, `1.5h`, `07m`, `1x`. */
export function customLengthOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d*)([smhd])$/.exec(text) ?? [];
  if (count === '') return undefined;
  const length = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return Number.isSafeInteger(length) ? length : undefined;
}

/**
 * Length of any interval that can be made, ms; null for months, whose length varies.
 *
 * @throws ResampleError for a text that is no interval
 */
export function lengthOf(interval: ResampleInterval): number | null {
  if (interval === '1M') return null;
  const lengthMs = isInterval(interval) ? SHORTEST_LENGTH_MS[interval] : customLengthOf(interval);
  if (lengthMs !== undefined) return lengthMs;
  const text = JSON.stringify(interval);
  throw new ResampleError(
    `${text} is no interval: use one of the exchange's or a whole number of s, m, h or d, like 7m, 90m, 2d`,
  );
}
