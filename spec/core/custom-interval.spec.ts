import { describe, expect, it } from 'vitest';
import { customLengthOf, lengthOf, type ResampleInterval } from '../../src/core/custom-interval.ts';
import { ResampleError } from '../../src/core/errors.ts';

describe('a length of one’s own', () => {
  it.each([
    ['45s', 45_000],
    ['7m', 420_000],
    ['90m', 5_400_000],
    ['36h', 129_600_000],
    ['2d', 172_800_000],
  ])('%s is %d ms', (text, length) => {
    expect(customLengthOf(text)).toBe(length);
  });

  it.each([
    '0m',
    'm',
    '1x',
    '1.5h',
    '-5m',
    '05m',
    '1e2m',
    ' 7m',
    '7 m',
    '7M',
    '1w',
    '1M',
    '',
    '99999999999999d',
    '7m\n',
  ])('%j is none', (text) => {
    expect(customLengthOf(text)).toBeUndefined();
  });

  it('is refused with a word on what would do', () => {
    expect(() => lengthOf('0m')).toThrow('"0m" is no interval: use one of the exchange\'s or a whole number');
    expect(() => lengthOf(undefined as unknown as '1m')).toThrow(ResampleError);
  });

  it('is as long as its name says, but for months', () => {
    expect(['90m', '3d', '1w', '1M'].map((interval) => lengthOf(interval as ResampleInterval))).toEqual([
      ...[5_400_000, 259_200_000, 604_800_000],
      null,
    ]);
  });
});
