import { UnsupportedIntervalError } from './errors.ts';
import { INTERVALS, isInterval, SHORTEST_LENGTH_MS, type Interval } from './interval.ts';

const DAY = 86_400_000;

/** Common spellings of units, without a plural s. A bare number is minutes, as on charts. */
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000, sec: 1000, second: 1000,
  '': 60_000, m: 60_000, min: 60_000, minute: 60_000,
  h: 3_600_000, hr: 3_600_000, hour: 3_600_000,
  d: DAY, day: DAY,
  w: 7 * DAY, wk: 7 * DAY, week: 7 * DAY,
}; // prettier-ignore

/**
 * Parses an interval from a string, such as a command line argument.
 *
 * @throws UnsupportedIntervalError for any other string, with a suggestion: `1H`, `60m` and `1hour` are `1h`
 */
export function parseInterval(text: string): Interval {
  if (isInterval(text)) return text;
  const meant = meantInterval(text);
  throw new UnsupportedIntervalError(text, INTERVALS, meant === undefined ? '' : `did you mean ${meant}?`);
}

/** The interval that a misspelled one probably means; undefined if unclear. Only case distinguishes months: `M`. */
export function meantInterval(text: unknown): Interval | undefined {
  const written = String(text).replace(/\s/g, '');
  if (/^1?(M|mon?|Mon?|MON?|[Mm]onth|MONTH)$/.test(written)) return '1M';
  const [, count = '', unit = ''] = /^(?!$)(\d{0,6})([a-z]*)$/i.exec(written) ?? [undefined, '', '?'];
  const unitMs = UNIT_MS[unit.toLowerCase()] ?? UNIT_MS[unit.toLowerCase().replace(/s$/, '')];
  if (unitMs === undefined) return undefined;
  const lengthMs = Number(count || '1') * unitMs;
  return INTERVALS.find((interval) => interval !== '1M' && SHORTEST_LENGTH_MS[interval] === lengthMs);
}
