import { expect, it } from 'vitest';
import { ResampleError } from '../../src/core/errors.ts';
import { checkResampleOptions } from '../../src/core/resample-options.ts';

const check = (options: unknown) => () => checkResampleOptions(options as object);

it.each([
  {},
  { anchor: undefined, onIncomplete: undefined },
  { anchor: 0 },
  { anchor: Date.UTC(2009, 0), onIncomplete: () => undefined },
  { timeZone: 'America/New_York', startOfDay: '17:00', anchor: undefined },
  { startOfDay: '23:59' },
])('has nothing against %j', (options) => expect(check(options)()).toBe(options));

it.each<[unknown, string | RegExp]>([
  [{ anchor: 1 }, 'anchor must be a whole number of ms since the epoch, 0 or from 2009 to 2100, got 1'],
  [{ anchor: -1 }, 'got -1'],
  [{ anchor: 1.764072e9 }, 'looks like seconds'],
  [{ anchor: 1.764072e18 }, 'anchor must be a whole number of ms since the epoch, got 1764072000000000000'],
  [{ anchor: 0.5 }, 'got 0.5'],
  [{ anchor: new Date() }, 'got an object'],
  [{ offset: 1 }, 'offset is not an option of resample'],
  [{ onIncomplete: 1 }, 'onIncomplete must be a function'],
  [
    { anchor: 1, offset: 1 },
    'offset is not an option of resample; the options are anchor, timeZone, startOfDay, onIncomplete; anchor must',
  ],
  [{ timeZone: 'new york' }, 'like America/New_York, got "new york"; did you mean America/New_York?'],
  [{ timeZone: 'Europe/Lodon' }, 'got "Europe/Lodon"; did you mean Europe/London?'],
  [{ timeZone: '+05:30' }, /got "\+05:30"$/],
  [{ timeZone: -5 }, 'timeZone must be an IANA name, like America/New_York, got -5'],
  [{ timeZone: null }, 'got null'],
  [{ startOfDay: '5pm' }, 'startOfDay must be a time of day from 00:00 to 23:59, like 17:00, got "5pm"'],
  [{ startOfDay: ['17:00'] }, 'got a list'],
  [{ anchor: 0, timeZone: 'UTC' }, 'give either anchor, or timeZone and startOfDay'],
  [{ anchor: 0, startOfDay: '17:00' }, 'give either anchor, or timeZone and startOfDay'],
  [null, 'options must be an object'],
  ['1d', 'options must be an object'],
])('refuses %j', (options, words) => {
  expect(check(options)).toThrow(ResampleError);
  expect(check(options)).toThrow(words);
});
