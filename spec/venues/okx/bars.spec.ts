import { expect, it } from 'vitest';
import { OKX_INTERVALS, barOf, intervalOfChannel } from '../../../src/venues/okx/bars.ts';

it('knows every length that OKX has, shortest first, and each by its channel', () => {
  expect(OKX_INTERVALS.join(' ')).toBe('1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 3d 1w 1M');
  for (const interval of OKX_INTERVALS) expect(intervalOfChannel(`candle${barOf(interval)}`)).toBe(interval);
});

it('asks for candles by UTC alone', () => {
  expect((['4h', '6h', '12h', '1d', '3d', '1w', '1M'] as const).map(barOf)).toEqual([
    '4H', '6Hutc', '12Hutc', '1Dutc', '3Dutc', '1Wutc', '1Mutc',
  ]); // prettier-ignore
  expect(['candle1D', 'candle6H', 'candle1M', 'candle1W'].map(intervalOfChannel)).toEqual(
    [undefined, undefined, undefined, undefined],
  ); // prettier-ignore
});

it('tells candles of the traded price from those of an index or a mark price', () => {
  expect(['index-candle1m', 'mark-price-candle1m', 'trades', 7].map(intervalOfChannel)).toEqual(
    [undefined, undefined, undefined, undefined],
  ); // prettier-ignore
});

it('has no candles of eight hours', () => {
  expect(() => barOf('8h')).toThrow(RangeError);
});
