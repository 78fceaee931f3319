import { expect, it } from 'vitest';
import { completed } from '../../src/core/completed.ts';

it('takes what is given, whatever it is, but undefined for left out', () => {
  const defaults: { a: number | null; b: number; c: boolean } = { a: 1, b: 2, c: true };
  expect(completed(defaults, { a: null, b: undefined, c: false })).toEqual({ a: null, b: 2, c: false });
  expect(completed(defaults, {})).toEqual(defaults);
});
