import { expect, it } from 'vitest';
import { createRandom } from '../../../src/testing/market/random.ts';
import { Rules } from '../../../src/testing/faults/rules.ts';

const rules = (): Rules<string, string> => new Rules(createRandom(1));

it('strikes every time until it is stopped, and counts', () => {
  const all = rules();
  const fault = all.add('lose');
  expect([all.take('a'), all.take('b')]).toEqual(['lose', 'lose']);
  fault.stop();
  expect(all.take('c')).toBeUndefined();
  expect(fault.hits).toBe(2);
});

it('strikes only the next so many times', () => {
  const all = rules();
  all.add('lose', { next: 2 });
  expect(['a', 'b', 'c'].map((context) => all.take(context))).toEqual(['lose', 'lose', undefined]);
  expect(all.isEmpty).toBe(true);
});

it('counts down only where it matches, and lets later faults have the rest', () => {
  const all = rules();
  all.add('lose', { next: 1, match: (context) => context === 'b' });
  all.add('double');
  expect(['a', 'b', 'b'].map((context) => all.take(context))).toEqual(['double', 'lose', 'double']);
});

it('strikes with a probability that the seed decides', () => {
  const count = (): number => {
    const all = rules();
    all.add('lose', { probability: 0.3 });
    return Array.from({ length: 1000 }, () => all.take('a')).filter((effect) => effect === 'lose').length;
  };
  expect(count()).toBe(count());
  expect(count() / 1000).toBeCloseTo(0.3, 1);
});

it('forgets everything when cleared', () => {
  const all = rules();
  all.add('lose');
  all.clear();
  expect(all.take('a')).toBeUndefined();
});
