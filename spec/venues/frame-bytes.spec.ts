import { expect, it } from 'vitest';
import { LOST, after, countOf } from '../../src/venues/frame-bytes.ts';

const BYTES = Buffer.from('a true tale, "true"');
const TRUE = Buffer.from('true');

it('stands after a text that is there, and is lost after one that is not', () => {
  expect(after(BYTES, 2, TRUE)).toBe(6);
  expect(after(BYTES, 3, TRUE)).toBe(LOST);
  expect(after(BYTES, BYTES.length - 2, TRUE)).toBe(LOST);
  expect(after(BYTES, LOST, TRUE)).toBe(LOST);
});

it.each([
  [0, BYTES.length, 3],
  [2, 3, 1],
  [3, 7, 0],
  [7, BYTES.length, 2],
  [BYTES.length, BYTES.length, 0],
])('counts a byte between two places: %i and %i', (start, end, count) => {
  expect(countOf(BYTES, { byte: 0x74, start, end }, () => true)).toBe(count);
});

it('counts only what counts', () => {
  expect(
    countOf(BYTES, { byte: 0x74, start: 0, end: BYTES.length }, (bytes, at) => after(bytes, at, TRUE) !== LOST),
  ).toBe(2);
});
