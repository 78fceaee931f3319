import { describe, expect, it } from 'vitest';
import { differencesOf, sumOf } from '../../src/cli/exactness.ts';
import { candle } from '../support/candle.ts';

const none = { missing: 0, repeated: 0, disordered: 0, wrong: 0 };
const truth = [1, 2, 3, 4].map((minute) => candle(minute));

describe('differencesOf', () => {
  it.each([
    ['nothing at all', [1, 2, 3, 4], none],
    ['two that are missing', [1, 4], { ...none, missing: 2 }],
    ['one that came twice', [1, 2, 2, 3, 4], { ...none, repeated: 1 }],
    ['one that came late', [1, 3, 2, 4], { ...none, disordered: 1 }],
    ['one that the exchange does not know', [1, 2, 3, 4, 5], { ...none, wrong: 1 }],
    ['everything', [], { ...none, missing: 4 }],
  ])('finds %s', (_, minutes, differences) => {
    expect(differencesOf(minutes.map((minute) => candle(minute)), truth)).toEqual(differences); // prettier-ignore
  });

  it('finds other values, and minds no other source', () => {
    const received = [candle(1, { source: 'backfill' }), candle(2, { trades: 6 }), candle(3), candle(4)];
    expect(differencesOf(received, truth)).toEqual({ ...none, wrong: 1 });
  });
});

describe('sumOf', () => {
  it('adds up', () => {
    expect(sumOf([])).toEqual(none);
    expect(
      sumOf([
        { ...none, missing: 1 },
        { missing: 2, repeated: 3, disordered: 4, wrong: 5 },
      ]),
    ).toEqual({
      missing: 3,
      repeated: 3,
      disordered: 4,
      wrong: 5,
    });
  });
});
