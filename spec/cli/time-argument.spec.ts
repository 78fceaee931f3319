import { InvalidArgumentError } from 'commander';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { toTime } from '../../src/cli/time-argument.ts';

const NOON = Date.UTC(2026, 10, 25, 12);

beforeAll(() => void vi.stubEnv('TZ', 'America/New_York'));
afterAll(() => void vi.unstubAllEnvs());

it.each([
  ['0', 0],
  ['1970-01-01', 0],
  [String(NOON), NOON],
  ['2026-11', Date.UTC(2026, 10)],
  ['2026-11-25', Date.UTC(2026, 10, 25)],
  ['2026-11-25T12:00', NOON],
  ['2026-11-25 12:00', NOON],
  ['2026-11-25t12:00z', NOON],
  ['  2026-11-25  12:00:00  ', NOON],
  ['2026-11-25 12:00:00.5', NOON + 500],
  ['2026-11-25 12:00:00,123456789', NOON + 123],
  ['2026-11-25T12:00Z', NOON],
  ['2026-11-25 12:00 Z', NOON],
  ['2026-11-25T14:00+02:00', NOON],
  ['2026-11-25 14:00 +0200', NOON],
  ['2026-11-25T04:30-07:30', NOON],
  ['2026-11-25T14:00+02', NOON],
  ['2026-11-24T24:00', Date.UTC(2026, 10, 25)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2009-01-01', Date.UTC(2009, 0)],
  ['2100-12-31T23:59:59.999', Date.UTC(2101, 0) - 1],
])('reads %j in UTC unless it says otherwise', (text, time) => {
  expect(toTime(text)).toBe(time);
});

it.each([
  ['20261125', '20261125 would be ms since 1970; write a date as 2026-11-25;'],
  ['2026', '2026 would be ms since 1970; write a date as 2026-01-01;'],
  ['1764072000', '1764072000 looks like seconds, but ms are expected: put 000 behind it;'],
  ['1764072000000000', '1764072000000000 looks like µs, but ms are expected: leave out the last 3 digits;'],
  ['1764072000000000000', '1764072000000000000 looks like ns, but ms are expected: leave out the last 6 digits;'],
  ['12345', '1970-01-01T00:00:12.345Z is not a time from 2009 to 2100;'],
  ['9'.repeat(25), `${'9'.repeat(25)} ms is after 2100;`],
  ['2008-12-31', '2008-12-31T00:00:00.000Z is not a time from 2009 to 2100;'],
  ['2101-01-01', '2101-01-01T00:00:00.000Z is not a time from 2009 to 2100;'],
  ['2026-02-30', 'there is no 2026-02-30;'],
  ['2026-13-01', 'there is no 2026-13-01;'],
  ['2026-11-25 25:00', 'there is no time of day 25:00;'],
  ['2026-11-25 24:01', 'there is no time of day 24:01;'],
  ['2026-11-25 12:00+25:00', 'there is no time of day 12:00+25:00;'],
  ['2026-11-25 12:00 EST', ''],
  ['25.11.2026', ''],
  ['2026/11/25', ''],
  ['Nov 25 2026', ''],
  ['yesterday', ''],
  ['1.764e12', ''],
  ['-5', ''],
  ['', ''],
])('says why %j is none', (text, why) => {
  expect(() => toTime(text)).toThrow(InvalidArgumentError);
  expect(() => toTime(text)).toThrow(`${why} write a time as 2026-01-31, `.trim());
});
