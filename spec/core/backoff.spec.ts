import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculateBackoff, completePolicy, type ReconnectPolicy } from '../../src/core/backoff.ts';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';

const steady = { jitter: false };

describe('calculateBackoff', () => {
  it.each<[Partial<ReconnectPolicy>, number[]]>([
    [steady, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]],
    [{ ...steady, initialDelayMs: 100 }, [100, 200, 400, 800, 1600, 3200, 6400]],
    [{ ...steady, maxDelayMs: 500 }, [500, 500]],
    [{ ...steady, multiplier: 1 }, [1000, 1000, 1000]],
    [{ ...steady, multiplier: 1.5 }, [1000, 1500, 2250]],
    [{ ...steady, initialDelayMs: 0 }, [0, 0, 0]],
  ])('waits, with %j, one after the other %j ms', (policy, delays) => {
    expect(delays.map((_, index) => calculateBackoff(policy, index + 1))).toEqual(delays);
  });

  it.each([
    [0, 500],
    [0.5, 750],
    [0.999_999, 999.9995],
  ])('takes a value between half of the delay and all of it when the dice say %d', (dice, delay) => {
    expect(calculateBackoff({}, 1, () => dice)).toBeCloseTo(delay, 6);
  });

  it('throws dice of its own when given none', () => {
    const delay = calculateBackoff({}, 1);
    expect(delay).toBeGreaterThanOrEqual(500);
    expect(delay).toBeLessThan(1000);
  });

  it('throws no dice without jitter', () => {
    expect(calculateBackoff(steady, 1, () => expect.unreachable())).toBe(1000);
  });

  it.each([0, -1, Number.NaN, -Infinity])('takes attempt %d for the first', (attempt) => {
    expect(calculateBackoff(steady, attempt)).toBe(1000);
  });

  it.each([
    [{ initialDelayMs: 0 }, Infinity, 0],
    [{ initialDelayMs: 0 }, 5000, 0],
    [{ multiplier: 1 }, Infinity, 1000],
    [{}, Infinity, 60_000],
    [{}, Number.MAX_SAFE_INTEGER, 60_000],
  ])('stays a number with %j at attempt %d', (policy, attempt, delay) => {
    expect(calculateBackoff({ ...steady, ...policy }, attempt)).toBe(delay);
  });

  it('keeps every delay within its bounds and never lets one shrink', () => {
    const policies = fc.record({
      initialDelayMs: fc.nat(1e6),
      maxDelayMs: fc.nat(1e7),
      multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
    });
    const attempts = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1 }));
    fc.assert(
      fc.property(policies, attempts, fc.double({ min: 0, max: 0.999, noNaN: true }), (policy, attempt, dice) => {
        const whole = calculateBackoff({ ...policy, jitter: false }, attempt);
        const jittered = calculateBackoff(policy, attempt, () => dice);
        expect(whole).toBeLessThanOrEqual(policy.maxDelayMs);
        expect(whole).toBeGreaterThanOrEqual(Math.min(policy.initialDelayMs, policy.maxDelayMs));
        expect(whole).toBeLessThanOrEqual(calculateBackoff({ ...policy, jitter: false }, attempt + 1));
        expect(jittered).toBeGreaterThanOrEqual(whole / 2);
        expect(jittered).toBeLessThanOrEqual(whole);
      }),
    );
  });
});

describe('completePolicy', () => {
  it('has the documented defaults', () => {
    expect(completePolicy({})).toEqual({
      initialDelayMs: 1000,
      maxDelayMs: 60_000,
      multiplier: 2,
      maxRetries: 10,
      jitter: true,
    });
  });

  it('takes each field on its own, and undefined for left out', () => {
    const careless: object = { maxRetries: Infinity, multiplier: undefined };
    expect(completePolicy(careless)).toEqual({ ...DEFAULT_RECONNECT, maxRetries: Infinity });
  });
});
