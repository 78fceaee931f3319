import { describe, expect, it } from 'vitest';
import { asOf, checkBeginning, type ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import { ConfigError } from '../../src/core/errors.ts';

const given = (options: unknown) => {
  const { history, since } = checkBeginning(options as ClosedCandlesOptions);
  return { history, since };
};

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
    ['after the first time that can be meant', { since: Date.UTC(2009, 0) }, { history: 0, since: Date.UTC(2009, 0) }],
    ['after the last one', { since: Date.UTC(2101, 0) - 1 }, { history: 0, since: Date.UTC(2101, 0) - 1 }],
    ['with everything there is', { since: 0 }, { history: 0, since: 0 }],
    ['with everything, as a Date', { since: new Date(0) }, { history: 0, since: 0 }],
    ['with so many candles up to a time, and after it', { history: 5, since: 1_700_000_000_000 }, { history: 5, since: 1_700_000_000_000 }],
  ])('%s', (_, options, expected) => {
    expect(given(options)).toEqual(expected);
  }); // prettier-ignore
});

describe('a subscription that had to wait for its feed', () => {
  it.each([undefined, {}, { history: 5 }])('remembers when it was made, and keeps %j', (options) => {
    expect(checkBeginning(asOf(17, options))).toEqual({ history: 0, since: undefined, ...options, subscribedAt: 17 });
    expect(checkBeginning(options).subscribedAt).toBeUndefined();
  });

  it.each([null, 5, [1], { hstory: 5 }])('is told the same of %j', (options) => {
    const late = () => checkBeginning(asOf(17, options as ClosedCandlesOptions));
    expect(late).toThrow(ConfigError);
    expect(late).toThrow(problemsOf(options).join('; '));
  });

  it('cannot be made by a user', () => {
    expect(problemsOf({ subscribedAt: 17 })).toEqual(['subscribedAt: is not an option; use history or since']);
  });
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
    ['a time before there were exchanges', { since: Date.UTC(2009, 0) - 1 }, 'since'],
    ['a time after 2100', { since: Date.UTC(2101, 0) }, 'since'],
    ['a time without end', { since: Infinity }, 'since'],
    ['no time', { since: null }, 'since'],
    ['a misspelt key', { hstory: 5 }, 'hstory'],
    ['no object', 5, 'options'],
    ['null for options', null, 'options'],
  ])('%s', (_, options, word) => {
    expect(problemsOf(options).join('; ')).toContain(word);
    expect(() => given(options)).toThrow(ConfigError);
  });

  it.each<[string, number | Date, string]>([
    ['seconds', 1_764_072_000, 'got 1764072000, which looks like seconds: multiply it by 1000'],
    [
      'a Date made of seconds',
      new Date(1_764_072_000),
      'got 1764072000, which looks like seconds: multiply it by 1000',
    ],
    ['microseconds', 1_764_072_000_000_000, 'got 1764072000000000, which looks like µs: divide it by 1000'],
    ['nanoseconds', 1.764072e18, 'got 1764072000000000000, which looks like ns: divide it by 1000000'],
    ['a date written as a number', 20_261_125, 'got 20261125, which looks like the date 2026-11-25'],
    ['a number of which nobody knows', 1, 'got 1'],
  ])('%s, in words', (_, since, end) => {
    const must = 'since: must be a time from 2009 to 2100 in ms since 1970 or as a Date, or 0 for everything';
    expect(problemsOf({ since })).toEqual([`${must}, ${end}`]);
  });

  it('everything at once', () => {
    expect(problemsOf({ history: -1, since: 'x', more: true })).toHaveLength(3);
  });
});
