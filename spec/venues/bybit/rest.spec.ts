import { expect, it } from 'vitest';
import { bybitInverse, bybitLinear, bybitSpot } from '../../../src/venues/bybit/market.ts';

const MARKETS = [bybitSpot, bybitLinear, bybitInverse];

it('asks one host for all markets, each by its category, from one budget', () => {
  const request = { symbol: 'A', interval: '1d', limit: 7, before: 9 } as const;
  expect(MARKETS.map(({ rest }) => rest.candles(request, 0).query)).toEqual(
    ['spot', 'linear', 'inverse'].map((category) => ({ category, symbol: 'A', interval: 'D', end: 8, limit: 7 })),
  );
  expect(new Set(MARKETS.map(({ rest }) => rest.budget)).size).toBe(1);
  expect(bybitSpot.rest.limits).toEqual([{ name: 'requests', limit: 600, windowMs: 5000, window: 'sliding' }]);
});
