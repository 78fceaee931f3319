import { expect, it } from 'vitest';
import { BINANCE_RULES } from '../../../../src/testing/dialects/binance/rules.ts';

it.each([
  [1, 1], [100, 1], [101, 2], [500, 2], [501, 5], [1000, 5], [1001, 10], [1500, 10],
])('weighs a futures request for %i rows %i', (limit, weight) => {
  expect(BINANCE_RULES['binance-usdm'].klinesWeight(limit)).toBe(weight);
  expect(BINANCE_RULES['binance-spot'].klinesWeight(limit)).toBe(2);
}); // prettier-ignore

it('has seconds on spot only', () => {
  expect(
    Object.values(BINANCE_RULES)
      .filter((rules) => rules.intervals.includes('1s'))
      .map((rules) => rules.id),
  ).toEqual(['binance-spot']);
});

it('gives both futures markets one budget, and each market paths of its own', () => {
  expect(BINANCE_RULES['binance-usdm'].budget).toBe(BINANCE_RULES['binance-coinm'].budget);
  expect(new Set(Object.values(BINANCE_RULES).map((rules) => rules.prefix)).size).toBe(3);
});
