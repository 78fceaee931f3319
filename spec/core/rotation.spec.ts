import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msUntilQuiet, rotationAgeMs } from '../../src/core/rotation.ts';

const HOUR = 3_600_000;
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('rotationAgeMs', () => {
  it('lies between 85 % and 95 % of the age, and away from the full minute by the exchange', () => {
    fc.assert(
      fc.property(random, fc.integer({ min: 0, max: 2e12 }), (drawn, now) => {
        const age = rotationAgeMs(23 * HOUR, drawn, now);
        expect(age).toBeGreaterThanOrEqual(0.85 * 23 * HOUR);
        expect(age).toBeLessThanOrEqual(0.95 * 23 * HOUR + 15_000);
        expect(msUntilQuiet(now + age)).toBeLessThan(0.01);
      }),
    );
  });

  it.each([
    [10_000, 5000],
    [4000, 2000],
    [60_000, 54_000],
  ])('leaves time to be done by %i ms', (rotateAfterMs, age) => {
    expect(rotationAgeMs(rotateAfterMs, 0.5, 0)).toBe(age);
  });

  it('spreads sessions that were opened together over a tenth of the age', () => {
    const [first, last] = [0, 0.999].map((drawn) => rotationAgeMs(23 * HOUR, drawn, 0));
    expect((last ?? 0) - (first ?? 0)).toBeGreaterThan(2 * HOUR);
  });

  it('is never where rotation is off', () => {
    expect(rotationAgeMs(Infinity, 0.5, 0)).toBe(Infinity);
  });
});

describe('msUntilQuiet', () => {
  it.each([
    [0, 10_000],
    [9999, 1],
    [10_000, 0],
    [54_999, 0],
    [55_000, 15_000],
    [59_999, 10_001],
    [-1, 10_001],
  ])('at %i ms of the minute is %i', (time, wait) => {
    expect(msUntilQuiet(time)).toBe(wait);
  });
});
