import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingWindow } from '../../src/core/pacing.ts';

describe('slidingWindow', () => {
  it('allows a burst up to the limit and then waits for the oldest to pass out of the window', () => {
    const window = slidingWindow(3, 1000);
    for (const now of [0, 10, 20]) {
      expect(window.waitMs(now)).toBe(0);
      window.take(now);
    }
    expect(window.waitMs(500)).toBe(500);
    expect(window.waitMs(1000)).toBe(0);
    window.take(1000);
    expect(window.waitMs(1000)).toBe(10);
  });

  it('keeps a reserve for others, and at least one use for who keeps it', () => {
    const window = slidingWindow(3, 1000);
    window.take(0);
    expect([window.waitMs(0), window.waitMs(0, 1), window.waitMs(0, 2), window.waitMs(0, 9)]).toEqual([
      0, 0, 1000, 1000,
    ]);
  });

  it('never has more than the limit in any window, whoever asks when', () => {
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }),
    );
    fc.assert(
      fc.property(cases, ([limit, steps]) => {
        const window = slidingWindow(limit, 1000);
        const taken: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          if (window.waitMs(now) > 0) continue;
          window.take(now);
          taken.push(now);
        }
        for (const from of taken) {
          expect(taken.filter((time) => time >= from && time < from + 1000).length).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('is never longer than need be: after the wait there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }), (steps) => {
        const window = slidingWindow(4, 1000);
        let now = 0;
        for (const step of steps) {
          now += step;
          now += window.waitMs(now);
          expect(window.waitMs(now)).toBe(0);
          window.take(now);
        }
      }),
    );
  });
});
