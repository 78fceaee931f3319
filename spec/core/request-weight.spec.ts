import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NOTHING_USED, settleWeight, spendWeight, untilNextMinute, waitForWeight, weightUsed, type WeightUse,
} from '../../src/core/request-weight.ts'; // prettier-ignore

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const spent = (weight: number, at = NOON) => spendWeight(NOTHING_USED, weight, at);
const answered = (use: WeightUse, weight: number, header?: number, now = NOON, sentAt = NOON) =>
  settleWeight(use, { weight, sentAt, header }, now);

describe('weight used in a minute', () => {
  it.each<[string, WeightUse, number, number]>([
    ['nothing before the first request', NOTHING_USED, NOON, 0],
    ['what was sent, answered or not', spendWeight(spent(5), 2, NOON + 10), NOON + 20, 7],
    ['what was sent, although the answer had no header', answered(spent(5), 5), NOON, 5],
    ['the header where it says more: another program shares our address', answered(spent(5), 5, 900), NOON, 900],
    ['our own count where the header says less', answered(spendWeight(spent(5), 5, NOON), 5, 5), NOON, 10],
    ['the header and what it may not have seen yet', answered(spendWeight(spent(5), 2, NOON), 5, 900), NOON, 902],
    ['nothing when a minute has passed', answered(spent(5), 5), NOON + MINUTE, 0],
    ['what is still in flight when a minute begins', spendWeight(answered(spent(5), 5), 3, NOON + 1), NOON + MINUTE, 3],
    [
      'nothing of a header that speaks of the minute before',
      answered(spent(5, NOON - 10), 5, 2300, NOON + 10, NOON - 10),
      NOON + 10,
      5,
    ],
    ['all of it when the clock is set back', answered(spent(5), 5), NOON - 3 * MINUTE, 5],
  ])('is %s', (_, use, now, used) => {
    expect(weightUsed(use, now)).toBe(used);
  });
});

describe('the wait before spending', () => {
  it.each<[string, WeightUse, number, number, number]>([
    ['none while there is room', spent(90), 10, NOON, 0],
    ['none for the first request, however heavy', NOTHING_USED, 500, NOON, 0],
    ['until the next minute has surely begun', answered(spent(91), 91), 10, NOON + 59_000, 1250],
    ['none in the next minute', answered(spent(91), 91), 10, NOON + MINUTE, 0],
  ])('is %s', (_, use, weight, now, wait) => {
    expect(waitForWeight(use, { weight, limit: 100 }, now)).toBe(wait);
  });

  it('is never longer than a minute and the doubt about our clock', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const wait = untilNextMinute(now);
        expect(wait).toBeGreaterThan(250);
        expect(wait).toBeLessThanOrEqual(60_250);
        expect(Math.floor((now + wait) / MINUTE)).toBe(Math.floor(now / MINUTE) + 1);
      }),
    );
  });
});

it('keeps the limit of a minute in any order of requests and answers', () => {
  const step = fc.record({
    weight: fc.integer({ min: 1, max: 10 }),
    passes: fc.integer({ min: 0, max: 20_000 }),
    lasts: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const perMinute = new Map<number, number>();
      let [use, now, open] = [NOTHING_USED, NOON, [] as { weight: number; sentAt: number; lasts: number }[]];
      for (const { weight, passes, lasts } of steps) {
        now += passes;
        for (const one of open.filter((one) => one.lasts-- <= 0))
          use = settleWeight(use, { ...one, header: undefined }, now);
        open = open.filter((one) => one.lasts >= 0);
        if (waitForWeight(use, { weight, limit: 30 }, now) > 0) continue;
        use = spendWeight(use, weight, now);
        open.push({ weight, sentAt: now, lasts });
        const minute = Math.floor(now / MINUTE);
        perMinute.set(minute, (perMinute.get(minute) ?? 0) + weight);
      }
      expect(Math.max(0, ...perMinute.values())).toBeLessThanOrEqual(30);
    }),
  );
});
