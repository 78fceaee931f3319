import type { EpochMs } from './candle.ts';
import { ResampleError } from './errors.ts';
import type { IncompleteBucket } from './resample.ts';
import { isRecord, textOf } from './schema.ts';
import { closestWord } from './spelling.ts';
import { isTimeWithin, likelyUnitOf } from './time-bounds.ts';
import { isTimeZone, timeOfDayOf } from './zoned-days.ts';

/** Where the longer candles begin, and what is told of those that are not whole. */
export interface ResampleOptions {
  /**
   * Any open time of the longer candles, ms UTC; 0 is the epoch. Moves the grid of every interval, and is needed for `3d`,
   * whose grid differs by symbol. Months then begin at its day and time of day. Default: where the exchange's own candles
   * open, or the epoch for lengths that it does not have.
   */
  readonly anchor?: EpochMs | undefined;
  /**
   * An IANA time zone, such as `America/New_York`. Days, weeks and months begin at `startOfDay` by its clock, summer time
   * included; hours and minutes are counted from the start of each day, and the last candle ends with it. Default: `UTC`
   * where `startOfDay` is given. Not together with `anchor`.
   */
  readonly timeZone?: string | undefined;
  /** When a day begins by the clock of `timeZone`, `00:00` to `23:59`. Default: `00:00`. */
  readonly startOfDay?: string | undefined;
  /** Called for each bucket that is not emitted, in order, before any later candle. If it throws, the stream errors. */
  readonly onIncomplete?: ((bucket: IncompleteBucket) => void) | undefined;
}

const KEYS = ['anchor', 'timeZone', 'startOfDay', 'onIncomplete'];

const TWO_GRIDS =
  'anchor and the days of a time zone are two ways to place the candles: give either anchor, or timeZone and startOfDay';

/** @throws ResampleError that lists every problem */
export function checkResampleOptions(options: ResampleOptions): ResampleOptions {
  const given: unknown = options;
  const problems = isRecord(given) ? problemsOf(given) : ['options must be an object'];
  if (problems.length > 0) throw new ResampleError(problems.join('; '));
  return options;
}

function problemsOf(options: Readonly<Record<string, unknown>>): string[] {
  const { anchor, timeZone, startOfDay, onIncomplete } = options;
  const unknown = Object.keys(options).filter((key) => !KEYS.includes(key));
  return [
    ...unknown.map((key) => `${key} is not an option of resample; the options are ${KEYS.join(', ')}`),
    ...anchorProblems(anchor),
    ...timeZoneProblems(timeZone),
    ...startOfDayProblems(startOfDay),
    ...(anchor !== undefined && (timeZone ?? startOfDay) !== undefined ? [TWO_GRIDS] : []),
    ...(onIncomplete === undefined || typeof onIncomplete === 'function' ? [] : ['onIncomplete must be a function']),
  ];
}

function anchorProblems(anchor: unknown): string[] {
  if (anchor === undefined) return [];
  const must = 'anchor must be a whole number of ms since the epoch';
  if (typeof anchor !== 'number')
    return [`${must}, got ${typeof anchor === 'object' ? 'an object' : `a ${typeof anchor}`}`];
  if (!Number.isSafeInteger(anchor)) return [`${must}, got ${anchor}`];
  return isTimeWithin(anchor) ? [] : [`${must}, 0 or from 2009 to 2100, got ${anchor}${likelyUnitOf(anchor)}`];
}

function timeZoneProblems(timeZone: unknown): string[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  const meant = typeof timeZone === 'string' ? meantTimeZone(timeZone) : undefined;
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return [`timeZone must be an IANA name, like America/New_York, got ${textOf(timeZone)}${hint}`];
}

/** `new york` and `America/NewYork` are America/New_York. */
function meantTimeZone(text: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone');
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]));
  return closestWord(text, zones) ?? cities.get(closestWord(text, [...cities.keys()]) ?? '');
}

function startOfDayProblems(startOfDay: unknown): string[] {
  if (startOfDay === undefined) return [];
  if (typeof startOfDay === 'string' && timeOfDayOf(startOfDay) !== undefined) return [];
  return [`startOfDay must be a time of day from 00:00 to 23:59, like 17:00, got ${textOf(startOfDay)}`];
}
