import { expect, it } from 'vitest';
import { Stats } from '../../../src/testing/server/stats.ts';

it('adds up requests and their weight by path', () => {
  const stats = new Stats();
  stats.countRequest('/a', 2);
  stats.countRequest('/a', 5);
  stats.countRequest('/b', 1);
  expect([...stats.requests]).toEqual([['/a', { count: 2, weight: 7 }], ['/b', { count: 1, weight: 1 }]]); // prettier-ignore
});
