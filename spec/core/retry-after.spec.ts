import { describe, expect, it } from 'vitest';
import { answeredAt, pauseUntil, retryAfterOf, type Headers } from '../../src/core/retry-after.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const DATE = 'Sun, 22 Nov 2026 12:00:00 GMT';

describe('Retry-After', () => {
  it.each<[string, Headers, number | undefined]>([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT' }, 120_000],
    ['a date that is past', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, undefined],
    ['nothing', {}, undefined],
    ['an empty text', { 'retry-after': ' ' }, undefined],
    ['garbage', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['a century', { 'retry-after': '3153600000' }, undefined],
    ['two headers', { 'retry-after': ['1', '2'] }, undefined],
  ])('may be %s', (_, headers, ms) => {
    expect(retryAfterOf(headers, NOON)).toBe(ms);
  });
});

it.each<[string, Headers, number]>([
  ['its own date', { date: DATE }, NOON],
  ["this machine's clock where it has none", {}, 7],
  ["this machine's clock where it cannot be read", { date: 'today' }, 7],
])('an answer was written at %s', (_, headers, at) => {
  expect(answeredAt(headers, 7)).toBe(at);
});

it('a named time may be four days away and not behind us', () => {
  expect([NOON + 259_200_000, NOON - 1, NOON + 432_000_000].map((time) => pauseUntil(time, NOON))).toEqual([
    259_200_000,
    undefined,
    undefined,
  ]);
});
