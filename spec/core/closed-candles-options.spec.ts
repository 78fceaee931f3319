import { describe, expect, it } from 'vitest';
import { checkBeginning, type ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import { ConfigError } from '../../src/core/errors.ts';

const given = (options: unknown) => checkBeginning(options as ClosedCandlesOptions);

function problemsOf(options: unknown): readonly string[] {
  try {
    given(options);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('a subscription begins', () => {
  it.each<[string, unknown, { history: number; since: number | undefined }]>([
    ['with the running candle when nothing is said', undefined, { history: 0, since: undefined }],
    ['with the running candle when nothing is set', { history: undefined, since: undefined }, { history: 0, since: undefined }],
    ['with so many candles of the past', { history: 500 }, { history: 500, since: undefined }],
    ['with none of them, if that is asked for', { history: 0 }, { history: 0, since: undefined }],
    ['after a time in ms', { since: 1_700_000_000_000 }, { history: 0, since: 1_700_000_000_000 }],
    ['after a Date', { since: new Date('2026-01-01') }, { history: 0, since: Date.UTC(2026, 0, 1) }],
    ['after a time in the future too', { since: 8e15 }, { history: 0, since: 8e15 }],
    ['after the epoch', { since: 0 }, { history: 0, since: 0 }],
    ['with so many candles up to a time, and after it', { history: 5, since: 1_700_000_000_000 }, { history: 5, since: 1_700_000_000_000 }],
  ])('%s', (_, options, expected) => {
    expect(given(options)).toEqual(expected);
  }); // prettier-ignore
});

describe('is told what cannot be used:', () => {
  it.each<[string, unknown, string]>([
    ['half a candle', { history: 1.5 }, 'history'],
    ['fewer than none', { history: -1 }, 'history'],
    ['no end of candles', { history: Infinity }, 'history'],
    ['a word for a number', { history: '5' }, 'history'],
    ['null', { history: null }, 'history'],
    ['a date that is none', { since: new Date('soon') }, 'since'],
    ['a text for a date', { since: '2026-01-01' }, 'since'],
    ['a time before 1970', { since: -1 }, 'since'],
    ['nanoseconds, which no Date can hold', { since: 1.7e18 }, 'since'],
    ['a time without end', { since: Infinity }, 'since'],
    ['no time', { since: null }, 'since'],
    ['a misspelt key', { hstory: 5 }, 'hstory'],
    ['no object', 5, 'options'],
    ['null for options', null, 'options'],
  ])('%s', (_, options, word) => {
    expect(problemsOf(options).join('; ')).toContain(word);
    expect(() => given(options)).toThrow(ConfigError);
  });

  it('everything at once', () => {
    expect(problemsOf({ history: -1, since: 'x', more: true })).toHaveLength(3);
  });
});
