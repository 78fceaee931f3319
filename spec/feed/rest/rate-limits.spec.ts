import { describe, expect, it } from 'vitest';
import type { RateLimit } from '../../../src/core/rate-limit.ts';
import { RateLimits } from '../../../src/feed/rest/rate-limits.ts';
import { MarketDataError, type Usage } from '../../../src/ports/market-data.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const ONE = { weight: 1 };
const minute = (limit: number): RateLimit => ({ name: 'weight', limit, windowMs: 60_000, window: 'fixed' });
const banned = (retryAfterMs?: number) => new MarketDataError('banned', 'HTTP 418', { retryAfterMs });
const refused = (usage?: Usage, limits?: readonly RateLimit[]) =>
  new MarketDataError('rate limited', 'HTTP 429', { retryAfterMs: 0, usage, limits });

function limitsOf(limit: number) {
  const clock = { steady: 0, exchange: NOON };
  const scheduler = { now: () => clock.steady };
  return { clock, limits: new RateLimits({ limits: [minute(limit)], scheduler, exchangeNow: () => clock.exchange }) };
}

describe('the limits of a host', () => {
  it('leave a tenth to others behind the same address', () => {
    const { limits } = limitsOf(2400);
    limits.spend({ weight: 2160 });
    expect(limits.waitFor(ONE)).toBe(60_250);
    expect(limits.uses[0]?.used).toBe(2160);
  });

  it('take the first word of an answer on the use, and nothing after', () => {
    const { limits } = limitsOf(2400);
    const settle = limits.spend({ weight: 5 });
    settle({ weight: 700 });
    settle({ weight: 2000 });
    expect(limits.uses[0]?.used).toBe(700);
  });

  it('cost nothing for a name that has no limit', () => {
    const { limits } = limitsOf(2400);
    limits.spend({ other: 1e9 })({ other: 1e9 });
    expect(limits.waitFor({ other: 1 })).toBe(0);
    expect(limits.uses).toHaveLength(1);
  });
});

describe('what a host says of its own limits', () => {
  it('replaces what is documented, and keeps what is used', () => {
    const { limits } = limitsOf(6000);
    limits.spend({ weight: 1100 });
    expect(limits.waitFor(ONE)).toBe(0);
    limits.learn([minute(1200)]);
    expect(limits.waitFor(ONE)).toBe(60_250);
    limits.learn([minute(2400)]);
    expect(limits.waitFor(ONE)).toBe(0);
  });

  it('may be a limit nobody knew, or one of another length', () => {
    const { limits } = limitsOf(6000);
    limits.learn([
      { name: 'requests', limit: 10, windowMs: 5000, window: 'sliding' },
      { ...minute(10), windowMs: 1000 },
    ]);
    limits.spend({ requests: 9 });
    expect(limits.waitFor({ requests: 1 })).toBeGreaterThan(0);
    limits.spend({ weight: 9 });
    expect(limits.waitFor(ONE)).toBe(1250);
  });

  it('is also what a refusal says in words', () => {
    const { limits } = limitsOf(6000);
    limits.applyBackoff(refused({ weight: 1300 }, [minute(1200)]), ONE);
    expect(limits.uses[0]?.limit).toBe(1200);
  });
});

describe('a refusal at a use below the limit', () => {
  it('means that the limit is lower, and the lowest of several counts', () => {
    const { limits } = limitsOf(6000);
    for (const weight of [1207, 1201, 1210]) limits.applyBackoff(refused({ weight }), ONE);
    expect(limits.uses[0]?.limit).toBe(1200);
  });

  it.each<[string, Usage | undefined]>([
    ['at a use above the limit', { weight: 6001 }],
    ['without a count', undefined],
  ])('means nothing %s', (_, usage) => {
    const { limits } = limitsOf(6000);
    limits.applyBackoff(refused(usage), ONE);
    expect(limits.uses[0]?.limit).toBe(6000);
  });

  it('means nothing where the host has named its limit', () => {
    const { limits } = limitsOf(6000);
    limits.learn([minute(1200)]);
    limits.applyBackoff(refused({ weight: 3 }), ONE);
    expect(limits.uses[0]?.limit).toBe(1200);
  });

  it('is forgotten when the host names its limit', () => {
    const { limits } = limitsOf(6000);
    limits.applyBackoff(refused({ weight: 3 }), ONE);
    limits.learn([minute(6000)]);
    expect(limits.uses[0]?.limit).toBe(6000);
  });
});

describe('a pause', () => {
  it('is told in exchange time, and measured by a steady clock', () => {
    const { limits, clock } = limitsOf(2400);
    expect(limits.pausedUntil).toBeNull();
    limits.applyBackoff(banned(10_000), ONE);
    expect(limits.pausedUntil).toBe(NOON + 10_000);
    clock.exchange += 3_600_000;
    clock.steady += 4000;
    expect(limits.waitFor(ONE)).toBe(6000);
    expect(limits.pausedUntil).toBe(NOON + 3_606_000);
    clock.steady += 6000;
    expect(limits.waitFor(ONE)).toBe(0);
    expect(limits.pausedUntil).toBeNull();
  });

  it('is not made by failures that ask for nothing', () => {
    const { limits } = limitsOf(2400);
    limits.applyBackoff(new MarketDataError('server', 'HTTP 503'), ONE);
    expect(limits.waitFor(ONE)).toBe(0);
  });

  it('after a refusal that does not say how long lasts until the window is over', () => {
    const { limits } = limitsOf(2400);
    limits.applyBackoff(new MarketDataError('rate limited', ''), ONE);
    expect(limits.waitFor(ONE)).toBe(60_250);
  });
});
