import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EARLIEST_TIME, isTimeWithin, LATEST_TIME, likelyUnitOf } from '../../src/core/time-bounds.ts';

const anyTime = fc.integer({ min: EARLIEST_TIME, max: LATEST_TIME });

it('takes the epoch and every time from 2009 to 2100, and names no other unit for it', () => {
  expect([0, EARLIEST_TIME, LATEST_TIME].every((time) => isTimeWithin(time))).toBe(true);
  expect([EARLIEST_TIME - 1, LATEST_TIME + 1, -1, NaN, Infinity].some((time) => isTimeWithin(time))).toBe(false);
  fc.assert(fc.property(anyTime, (time) => isTimeWithin(time) && likelyUnitOf(time) === ''));
});

it('knows the time of any moment in another unit, and takes it for none of ours', () => {
  fc.assert(
    fc.property(anyTime, (time) => {
      const given = [Math.floor(time / 1000), time * 1000, time * 1e6];
      expect(given.some((one) => isTimeWithin(one))).toBe(false);
      expect(given.map((one) => /like (\S+):/.exec(likelyUnitOf(one))?.[1])).toEqual(['seconds', 'µs', 'ns']);
    }),
  );
});

it.each([20_261_301, 20_261_100, 19_991_231, 5, -20_261_125, 0])('makes nothing of %d', (number) => {
  expect(likelyUnitOf(number)).toBe('');
});
