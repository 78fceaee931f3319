import { expect, it } from 'vitest';
import { weightLimitsOf } from '../../../src/venues/binance/weight-limit.ts';

const WEIGHT = { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1200 };
const ORDERS = { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 };

it('is the host’s own, by the minute of its clock', () => {
  const limit = { name: 'weight', limit: 1200, windowMs: 60_000, window: 'fixed' };
  expect(weightLimitsOf({ rateLimits: [ORDERS, WEIGHT] })).toEqual([limit]);
});

it.each<[string, unknown]>([
  ['another interval', { rateLimits: [{ ...WEIGHT, interval: 'DAY' }] }],
  ['several minutes', { rateLimits: [{ ...WEIGHT, intervalNum: 5 }] }],
  ['nothing', { rateLimits: [{ ...WEIGHT, limit: 0 }] }],
  ['a text', { rateLimits: [{ ...WEIGHT, limit: '1200' }] }],
  ['no list', { rateLimits: WEIGHT }],
  ['lines of another kind', { rateLimits: [7, null, 'x'] }],
  ['no word of it', { symbols: [] }],
  ['no object', []],
])('is not known from %s', (_, body) => {
  expect(weightLimitsOf(body)).toEqual([]);
});
