import { expect, it } from 'vitest';
import { createRandom, hashText, mix, mixTime } from '../../../src/testing/market/random.ts';

it('repeats itself for the same seed and not for another', () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, createRandom(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

it('stays in [0, 1) and uses all of it', () => {
  const random = createRandom(7);
  const values = Array.from({ length: 10_000 }, random);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
});

it('tells the order of two numbers, neighbouring times and far ones apart', () => {
  expect(mix(1, 2)).not.toBe(mix(2, 1));
  const times = Array.from({ length: 1000 }, (_, i) => mixTime(3, 1.7e12 + i * 250));
  expect(new Set(times).size).toBe(1000);
  expect(mixTime(3, 0)).not.toBe(mixTime(3, 250 * 2 ** 32));
});

it('hashes names that differ in one letter differently', () => {
  expect(hashText(1, 'BTCUSDT')).not.toBe(hashText(1, 'BTCUSDC'));
  expect(hashText(1, 'BTCUSDT')).not.toBe(hashText(2, 'BTCUSDT'));
});
