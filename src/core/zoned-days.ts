import type { EpochMs } from './epoch.ts';

/** One day of a time zone. */
export interface ZonedDay {
  /** Counted from the day that begins on 1970-01-01. */
  readonly number: number;
  readonly start: EpochMs;
  /** Where the next day starts: 23, 24 or 25 hours later, as a rule. */
  readonly end: EpochMs;
}

/** The days of a time zone that begin at a certain time of day, summer time included. */
export interface ZonedDays {
  /** The day that contains `time`. */
  dayAt(time: EpochMs): ZonedDay;
  /** Where a day starts, by its number. A date that the zone left out starts where the next one does. */
  startOf(number: number): EpochMs;
  /** How far from a midnight in UTC the days start in the year after `time`, ms: one or two figures, as a rule. */
  startsInYearAfter(time: EpochMs): readonly number[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKS_OF_A_YEAR = 53;

/**
 * @param timeZone - an IANA name that `isTimeZone` accepts
 * @param startMs - when a day begins, ms after midnight by the zone's clock
 */
export function zonedDays(timeZone: string, startMs: number): ZonedDays {
  const startOf = (number: number): EpochMs => instantOf(number * DAY + startMs, timeZone);
  let latest: ZonedDay | undefined;
  return {
    startOf,
    // Candles come in order, so that most of them lie in the day of the one before.
    dayAt: (time) => {
      if (latest === undefined || time < latest.start || time >= latest.end) {
        latest = findDay(time, Math.floor((time + offsetAt(time, timeZone) - startMs) / DAY), startOf);
      }
      return latest;
    },
    startsInYearAfter: (time) => {
      const weeks = Array.from({ length: WEEKS_OF_A_YEAR }, (_, week) => time + week * 7 * DAY);
      return [...new Set(weeks.map((week) => startMs - offsetAt(week, timeZone)))];
    },
  };
}

/** @param guess - right but for the hours around a change of the clock */
function findDay(time: EpochMs, guess: number, startOf: (number: number) => EpochMs): ZonedDay {
  let day = { number: guess, start: startOf(guess), end: startOf(guess + 1) };
  while (time < day.start) day = { number: day.number - 1, start: startOf(day.number - 1), end: day.start };
  while (time >= day.end) day = { number: day.number + 1, start: day.end, end: startOf(day.number + 2) };
  return day;
}

/**
 * When the zone's clock shows `local`, ms as if it were UTC. A time that occurs twice is the first of the two; one that is
 * skipped is read by the offset before the change.
 *
 * @see RFC 5545, 3.3.5, which says so for both
 */
function instantOf(local: number, timeZone: string): EpochMs {
  // No offset exceeds 14 hours, so that these two moments lie before and after every moment that is meant.
  const before = offsetAt(local - DAY, timeZone);
  const after = offsetAt(local + DAY, timeZone);
  if (before === after) return local - before;
  const isAfterChange = offsetAt(local - before, timeZone) !== before && offsetAt(local - after, timeZone) === after;
  return local - (isAfterChange ? after : before);
}

/** How far the zone's clock is ahead of UTC, ms. */
function offsetAt(time: EpochMs, timeZone: string): number {
  const written = formatOf(timeZone).format(time);
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(written);
  if (match === null) throw new Error(`no offset from UTC in ${written}`);
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
  const offset = Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds) * 1000;
  return sign === '-' ? -offset : offset;
}

/** It takes a hundred times longer to make a format than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Writes the offset, `GMT-05:00`, behind the hour, which no format can do without. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
}

/** True for the IANA names that this Node knows, in any case; not for offsets, `+05:30`, which only newer ones take. */
export function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[a-z]/i.test(value)) return false;
  try {
    return Number.isFinite(offsetAt(0, value));
  } catch {
    return false;
  }
}

/** `17:00` as ms after midnight; undefined for anything else than two digits of hours up to 23, a colon, and minutes. */
export function timeOfDayOf(text: unknown): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(text)) ?? [];
  return hours === undefined ? undefined : Number(hours) * HOUR + Number(minutes) * 60_000;
}
