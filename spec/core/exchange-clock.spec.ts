import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contradicts,
  errorAt,
  offsetOf,
  withEventTime,
  withTimeSample,
  type ClockEstimate,
} from '../../src/core/exchange-clock.ts';

/** The exchange is a million ms ahead of our local clock. */
const OFFSET = 1_000_000;
/** An answer that was on its way for so long, each way. */
const sample = (sentAt: number, there: number, back: number, offset = OFFSET) => ({
  sentAt,
  serverTime: sentAt + there + offset,
  receivedAt: sentAt + there + back,
});
const bounds = (estimate: ClockEstimate, local: number) => {
  const [guess, error] = [offsetOf(estimate), errorAt(estimate, local)];
  return { lowest: guess - error, highest: guess + error };
};
const holds = (estimate: ClockEstimate, local: number, offset = OFFSET) => {
  const { lowest, highest } = bounds(estimate, local);
  return lowest <= offset && offset <= highest;
};

describe('an answer to “what time is it”', () => {
  it('bounds the offset by the time it was under way', () => {
    const estimate = withTimeSample(undefined, sample(0, 10, 10));
    expect(holds(estimate, 20)).toBe(true);
    expect(errorAt(estimate, 20)).toBeLessThanOrEqual(11);
  });

  it('of a clock that shows seconds leaves a second open', () => {
    const estimate = withTimeSample(undefined, { ...sample(0, 10, 10), serverTime: OFFSET - 980, stepMs: 1000 });
    expect(holds(estimate, 20)).toBe(true);
    expect(errorAt(estimate, 20)).toBeGreaterThan(500);
  });

  it('is not trusted more than that, however unequal the two ways were', () => {
    expect(holds(withTimeSample(undefined, sample(0, 1, 199)), 200)).toBe(true);
    expect(holds(withTimeSample(undefined, sample(0, 199, 1)), 200)).toBe(true);
  });

  it('that was slow does not blunt what is known', () => {
    const sharp = withTimeSample(undefined, sample(0, 5, 5));
    const after = withTimeSample(sharp, sample(1000, 500, 20));
    expect(errorAt(after, 1520)).toBeLessThan(10);
    expect(holds(after, 1520)).toBe(true);
  });

  it('sharpens what is known', () => {
    const vague = withTimeSample(undefined, sample(0, 500, 500));
    expect(errorAt(withTimeSample(vague, sample(2000, 5, 5)), 2010)).toBeLessThan(10);
  });

  it('replaces what it contradicts: a clock has jumped', () => {
    const before = withTimeSample(undefined, sample(0, 5, 5));
    const after = withTimeSample(before, sample(1000, 5, 5, OFFSET + 90_000));
    expect(holds(after, 1010, OFFSET + 90_000)).toBe(true);
    expect(errorAt(after, 1010)).toBeLessThan(10);
  });

  it('replaces what frames alone had told', () => {
    const guessed = withEventTime(undefined, OFFSET - 3000, 0);
    expect(withTimeSample(guessed, sample(1000, 5, 5))).toEqual(withTimeSample(undefined, sample(1000, 5, 5)));
  });

  it('is doubted more as it ages, since clocks drift', () => {
    const estimate = withTimeSample(undefined, sample(0, 5, 5));
    expect(errorAt(estimate, 600_010)).toBeGreaterThan(errorAt(estimate, 10) + 100);
    expect(errorAt(estimate, 0)).toBe(errorAt(estimate, 10));
  });
});

describe('a frame', () => {
  it('alone gives a first guess, marked as not asked for', () => {
    const guess = withEventTime(undefined, OFFSET + 1000, 1040);
    expect(guess.asked).toBe(false);
    expect(holds(guess, 1040)).toBe(true);
  });

  it('that came faster than those before gives a better guess, a slower one does not', () => {
    const guess = withEventTime(undefined, OFFSET + 1000, 1090);
    expect(holds(withEventTime(guess, OFFSET + 2000, 2001), 2001)).toBe(true);
    expect(withEventTime(guess, OFFSET + 2000, 5000)).toBe(guess);
  });

  it('never makes an answer less certain', () => {
    const estimate = withTimeSample(undefined, sample(0, 100, 100));
    const after = withEventTime(estimate, OFFSET + 1000, 1010);
    expect(errorAt(after, 1010)).toBeLessThan(errorAt(estimate, 1010));
    expect(holds(after, 1010)).toBe(true);
  });

  it.each([
    ['agrees within the tolerance', 1000, 2000, false],
    ['contradicts when it is further ahead', 4001, 1000, true],
    ['contradicts when it is further behind', 1000, 4500, true],
  ])('%s', (_, built, receivedAt, expected) => {
    const estimate = withTimeSample(undefined, sample(0, 5, 5));
    expect(contradicts(estimate, { eventTime: OFFSET + built, receivedAt }, 3000)).toBe(expected);
  });
});

it('always holds the true offset, whatever came when, while clocks drift no faster than 1 in 10 000', () => {
  const way = fc.integer({ min: 0, max: 3000 });
  const heard = fc.record({ frame: fc.boolean(), pause: fc.integer({ min: 0, max: 600_000 }), there: way, back: way });
  const drift = fc.double({ min: -1e-4, max: 1e-4, noNaN: true });
  fc.assert(
    fc.property(fc.array(heard, { minLength: 1, maxLength: 20 }), drift, (all, perMs) => {
      const exchangeAt = (time: number) => time + OFFSET + time * perMs;
      let [local, estimate] = [0, withTimeSample(undefined, { sentAt: 0, serverTime: Math.floor(exchangeAt(0)), receivedAt: 0 })];
      for (const { frame, pause, there, back } of all) {
        const sentAt = local + pause;
        local = sentAt + there + back;
        const serverTime = Math.floor(exchangeAt(sentAt + there));
        estimate = frame
          ? withEventTime(estimate, serverTime, local)
          : withTimeSample(estimate, { sentAt, serverTime, receivedAt: local });
        const { lowest, highest } = bounds(estimate, local);
        const offset = exchangeAt(local) - local;
        expect(lowest).toBeLessThanOrEqual(offset + 1e-3);
        expect(highest).toBeGreaterThanOrEqual(offset - 1e-3);
      }
    }),
    { numRuns: 300 },
  ); // prettier-ignore
});
