import moment from 'moment-timezone';
import { describe, expect, it } from 'vitest';
import { isTimeZone, timeOfDayOf, zonedDays } from '../../src/core/zoned-days.ts';

const at = (text: string): number => new Date(text).getTime();
const iso = (time: number): string => new Date(time).toISOString().replace(/(:00)?\.000Z$/, 'Z');

const [FIRST_YEAR, LAST_YEAR] = [2006, 2025];

/** Where the days of twenty years start, as the library says that has the rules of all time zones in a file of its own. */
function startsByMoment(timeZone: string, startOfDay: string): number[] {
  const [hour = 0, minute = 0] = startOfDay.split(':').map(Number);
  const first = Date.UTC(FIRST_YEAR, 0);
  const count = Math.round((Date.UTC(LAST_YEAR + 1, 0) - first) / 86_400_000);
  const dates = Array.from({ length: count }, (_, day) => new Date(first + day * 86_400_000));
  const starts = dates.map((date) =>
    moment.tz([date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour, minute], timeZone).valueOf(),
  );
  return [...new Set(starts)];
}

/** The same, walking from the end of each day to the next. */
function startsByUs(timeZone: string, startOfDay: string, [first = 0, ...others]: readonly number[]): number[] {
  const days = zonedDays(timeZone, timeOfDayOf(startOfDay) ?? NaN);
  const starts = [days.dayAt(first).start];
  for (let time = first; starts.length <= others.length; starts.push(time)) time = days.dayAt(time).end;
  return starts;
}

describe('the days of twenty years, against a library with rules of its own', () => {
  it.each([
    ['America/New_York', '17:00', 'the day of currency trading'],
    ['Europe/London', '00:00', ''],
    ['America/Sao_Paulo', '00:00', 'whose clock changed at midnight'],
    ['Australia/Lord_Howe', '02:15', 'which half an hour of summer time skips or repeats'],
    ['Asia/Kolkata', '09:15', 'at half an hour from UTC'],
    ['Pacific/Apia', '00:00', 'where 2011-12-30 never was'],
    ['Africa/Casablanca', '02:30', 'where the clock changes around Ramadan'],
  ])('%s at %s %s', (timeZone, startOfDay) => {
    const expected = startsByMoment(timeZone, startOfDay);
    expect(startsByUs(timeZone, startOfDay, expected)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(7300);
  });
});

describe('a day', () => {
  it.each([
    ['has 23 hours in spring', 'America/New_York', '17:00', '2026-03-08T12:00Z', '2026-03-07T22:00Z', 23],
    ['has 25 hours in autumn', 'America/New_York', '17:00', '2026-11-01T12:00Z', '2026-10-31T21:00Z', 25],
    ['has 23.5 hours on Lord Howe', 'Australia/Lord_Howe', '00:00', '2025-10-05T00:00Z', '2025-10-04T13:30Z', 23.5],
    ['begins at one where midnight is skipped', 'America/Sao_Paulo', '00:00', '2018-11-04T03:00Z', '2018-11-04T03:00Z', 23],
    ['is over at the second midnight only', 'America/Sao_Paulo', '00:00', '2018-02-18T02:59Z', '2018-02-17T02:00Z', 25],
    ['begins with the first of two midnights', 'America/Havana', '00:00', '2025-11-02T05:59Z', '2025-11-02T04:00Z', 25],
    ['begins as late as clocks jump, if they skip it', 'America/New_York', '02:30', '2026-03-08T07:30Z', '2026-03-08T07:30Z', 23],
    ['has 24 hours before a start that is skipped', 'America/New_York', '02:30', '2026-03-08T07:29Z', '2026-03-07T07:30Z', 24],
    ['begins with the first of two starts', 'America/New_York', '01:30', '2026-11-01T06:29Z', '2026-11-01T05:30Z', 25],
    ['follows the one before a date that was left out', 'Pacific/Apia', '00:00', '2011-12-30T10:00Z', '2011-12-30T10:00Z', 24],
    ['may start at 45 minutes', 'Asia/Kathmandu', '00:00', '2026-01-01T00:00Z', '2025-12-31T18:15Z', 24],
    ['may start at a second', 'Africa/Monrovia', '00:00', '1970-01-01T00:44:29Z', '1969-12-31T00:44:30Z', 24],
  ])('%s: %s', (_what, timeZone, startOfDay, time, start, hours) => {
    const day = zonedDays(timeZone, timeOfDayOf(startOfDay) ?? NaN).dayAt(at(time));
    expect([iso(day.start), (day.end - day.start) / 3_600_000]).toEqual([start, hours]);
  }); // prettier-ignore

  it('is found whatever was asked before', () => {
    const days = zonedDays('Europe/London', 0);
    const times = ['2026-03-29T12:00Z', '2026-03-28T12:00Z', '2026-03-29T22:59Z', '2026-03-29T23:00Z'].map(at);
    expect(times.map((time) => days.dayAt(time).number - days.dayAt(at('2026-03-29T12:00Z')).number)).toEqual([
      0, -1, 0, 1,
    ]);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'America/New_York', 'america/new_york', 'Asia/Calcutta', 'Etc/GMT-5'])('is %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'New York', '+05:30', '-03:00', 'UTC+1', 'local', 5, null, undefined])('is not %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('a time of day', () => {
  it.each([
    ['00:00', 0],
    ['09:05', 32_700_000],
    ['23:59', 86_340_000],
  ])('%s is %d ms after midnight', (text, ms) => {
    expect(timeOfDayOf(text)).toBe(ms);
  });

  it.each(['24:00', '9:00', '17', '17:60', '17:00:00', '5pm', '17.00', ' 17:00', '17:00\n', '', 17, undefined])(
    'is not %j',
    (text) => {
      expect(timeOfDayOf(text)).toBeUndefined();
    },
  );
});
