import { describe, expect, it } from 'vitest';
import { partsIn, slotAfter, slotAt, sourcesOf, toChartInterval } from '../../../src/chart/server/intervals.ts';

describe('intervals of the chart', () => {
  it.each([
    ['1m', '1m'], ['7m', '7m'], ['90m', '90m'], ['2d', '2d'], ['1M', '1M'], ['3d', '3d'],
    ['60m', '1h'], ['60s', '1m'], ['24h', '1d'],
    // A week of the exchange begins on a Monday, seven days of the epoch on a Thursday.
    ['7d', '7d'],
  ])('takes %s for %s', (text, interval) => expect(toChartInterval(text)).toBe(interval)); // prettier-ignore

  it.each(['', '0m', '1.5h', '07m', '7x', 'm', '-1m', '9999999m'])('refuses %j, and says what would do', (text) => {
    expect(() => toChartInterval(text)).toThrow(/is not one of 1s 1m .*like 7m/);
  });

  it.each([
    ['1m', ['1m', '1s']],
    ['7m', ['1m', '1s']],
    ['90m', ['30m', '15m', '5m', '3m', '1m', '1s']],
    ['8h', ['8h', '4h', '2h', '1h', '30m', '15m', '5m', '3m', '1m', '1s']],
    ['10s', ['1s']],
    ['1M', ['1M']],
  ] as const)('makes %s of the first of %j that the exchange has', (interval, sources) => {
    expect(sourcesOf(interval)).toEqual(sources);
  });

  it('knows how many candles make a longer one', () => {
    expect([partsIn('7m', '1m'), partsIn('2d', '1d'), partsIn('90m', '1h'), partsIn('1w', '1d')]).toEqual([
      7,
      2,
      undefined,
      undefined,
    ]);
  });

  it('counts lengths of its own from the epoch', () => {
    const noon = Date.UTC(2026, 10, 26, 12);
    expect(slotAt(noon + 61_000, '7m') % (7 * 60_000)).toBe(0);
    expect(slotAfter(slotAt(noon, '7m'), '7m')).toBeGreaterThan(noon);
    expect(slotAfter(Date.UTC(2026, 1, 1), '1M')).toBe(Date.UTC(2026, 2, 1));
  });
});
