import { describe, expect, it } from 'vitest';
import { WeightBudget } from '../../../src/feed/rest/weight-budget.ts';
import { MarketDataError } from '../../../src/ports/market-data.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const banned = (retryAfterMs?: number) => new MarketDataError('banned', 'HTTP 418', { retryAfterMs });

function budgetOf(weightPerMinute: number) {
  const clock = { steady: 0, exchange: NOON };
  const scheduler = { now: () => clock.steady };
  return { clock, budget: new WeightBudget({ weightPerMinute, scheduler, exchangeNow: () => clock.exchange }) };
}

describe('a weight budget', () => {
  it("leaves a tenth of the exchange's limit to others behind the same address", () => {
    const { budget } = budgetOf(2400);
    budget.spend(2160);
    expect(budget.waitFor(1)).toBe(60_250);
    expect(budget.usedWeight).toBe(2160);
  });

  it('takes the first word of an answer on the weight used, and nothing after', () => {
    const { budget } = budgetOf(2400);
    const settle = budget.spend(5);
    settle(700);
    settle(2000);
    expect(budget.usedWeight).toBe(700);
  });

  it('tells until when nothing is sent in exchange time, and measures it by a steady clock', () => {
    const { budget, clock } = budgetOf(2400);
    expect(budget.pausedUntil).toBeNull();
    budget.heed(banned(10_000));
    expect(budget.pausedUntil).toBe(NOON + 10_000);
    clock.exchange += 3_600_000;
    clock.steady += 4000;
    expect(budget.waitFor(1)).toBe(6000);
    expect(budget.pausedUntil).toBe(NOON + 3_606_000);
    clock.steady += 6000;
    expect(budget.waitFor(1)).toBe(0);
    expect(budget.pausedUntil).toBeNull();
  });

  it('is not paused by failures that ask for nothing', () => {
    const { budget } = budgetOf(2400);
    budget.heed(new MarketDataError('server', 'HTTP 503'));
    expect(budget.waitFor(1)).toBe(0);
  });
});
