import { describe, expect, it } from 'vitest';
import { futuresKlinesWeight } from '../../../src/venues/binance/market.ts';

describe('futures klines', () => {
  it.each([
    [1, 1], [100, 1], [101, 2], [500, 2], [501, 5], [1000, 5], [1001, 10], [1500, 10],
  ])('weigh a futures request for %i rows as %i', (limit, weight) => {
    expect(futuresKlinesWeight(limit)).toBe(weight);
  }); // prettier-ignore
});
