import { describe, expect, it } from 'vitest';
import { chooseShard } from '../../src/core/sharding.ts';

describe('chooseShard', () => {
  it.each([
    ['none when there are none', [], -1],
    ['none when all are full', [200, 200], -1],
    ['the fullest that has room', [10, 199, 200, 50], 1],
    ['the earlier of two equals', [7, 7], 0],
    ['an empty one when nothing else has room', [200, 0], 1],
  ])('%s', (_title, loads, chosen) => {
    expect(chooseShard(loads, 200)).toBe(chosen);
  });
});
