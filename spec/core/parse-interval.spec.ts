import { describe, expect, it } from 'vitest';
import { UnsupportedIntervalError } from '../../src/core/errors.ts';
import { INTERVALS } from '../../src/core/interval.ts';
import { meantInterval, parseInterval } from '../../src/core/parse-interval.ts';

describe('parseInterval', () => {
  it('takes the exchange’s intervals as they are', () => {
    expect(INTERVALS.map(parseInterval)).toEqual(INTERVALS);
  });

  it.each([
    ['1H', '1h'],
    ['60m', '1h'],
    ['1min', '1m'],
    ['5 minutes', '5m'],
    ['5M', '5m'],
    ['60', '1h'],
    ['240', '4h'],
    ['D', '1d'],
    ['1D', '1d'],
    ['24h', '1d'],
    ['7d', '1w'],
    ['1W', '1w'],
    ['1mo', '1M'],
    ['1month', '1M'],
    ['M', '1M'],
    ['m', '1m'],
    ['hour', '1h'],
    ['60s', '1m'],
  ])('says what %s means', (text, meant) => {
    expect(() => parseInterval(text)).toThrow(UnsupportedIntervalError);
    expect(() => parseInterval(text)).toThrow(
      new RegExp(`^interval "${text}" is not one of 1s 1m .*; did you mean ${meant}\\?$`),
    );
  });

  it.each(['', '7m', '2M', 'x', '1y', '1.5h', 'toString', ' '])('guesses nothing for %j', (text) => {
    expect(meantInterval(text)).toBeUndefined();
    expect(() => parseInterval(text)).toThrow(/1w 1M$/);
  });

  it.each([undefined, null, 5, {}])('refuses %s', (value) => {
    expect(() => parseInterval(value as never)).toThrow(UnsupportedIntervalError);
  });
});
