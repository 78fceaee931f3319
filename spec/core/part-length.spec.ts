import { describe, expect, it } from 'vitest';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import { ResampleError } from '../../src/core/errors.ts';
import { partLengthOf } from '../../src/core/part-length.ts';
import { targetGrid } from '../../src/core/resample-grid.ts';

const at = (text: string): number => new Date(text).getTime();

interface Options {
  readonly anchor?: string;
  readonly timestamp?: string;
  readonly timeZone?: string;
  readonly startOfDay?: string;
}

const divide = (interval: string, into: string, options: Options = {}): number => {
  const { anchor, timestamp = '2026-11-22T00:00Z', ...day } = options;
  const target = targetGrid(into as ResampleInterval, anchor === undefined ? day : { anchor: at(anchor) });
  return partLengthOf({ interval: interval as ResampleInterval, timestamp: at(timestamp) }, target);
};

describe('a source divides a target', () => {
  it.each<[string, string, Options?]>([
    ['1s', '45s'],
    ['1m', '7m'],
    ['30m', '90m'],
    ['5m', '1M'],
    ['90m', '1M'],
    ['1d', '1M'],
    ['1d', '1w'],
    ['12h', '36h'],
    ['1d', '3d', { anchor: '2017-08-17T00:00Z' }],
    ['3d', '6d', { anchor: '2017-08-17T00:00Z', timestamp: '2017-08-20T00:00Z' }],
    ['1w', '14d', { anchor: '2026-11-23T00:00Z', timestamp: '2026-11-16T00:00Z' }],
    ['1h', '24h', { anchor: '2026-01-01T08:00Z' }],
    ['7m', '21m', { anchor: '2026-01-01T00:01Z', timestamp: '2026-01-01T00:08Z' }],
    ['1h', '2h', { anchor: '2026-01-01T00:30Z', timestamp: '2026-01-01T01:30Z' }],
    ['1h', '2h', { timestamp: '2018-02-11T03:28:14.789Z' }],
    ['1h', '1M', { anchor: '2026-01-15T08:00Z' }],
    ['1h', '1d', { timeZone: 'America/New_York', startOfDay: '17:00' }],
    ['1m', '7m', { timeZone: 'America/New_York' }],
    ['15m', '1M', { timeZone: 'Asia/Kathmandu' }],
    ['30m', '1w', { timeZone: 'Australia/Lord_Howe' }],
    ['1h', '1d', { timeZone: 'Asia/Kolkata', timestamp: '2026-11-22T00:30Z' }],
    ['4h', '1d', { timeZone: 'UTC', startOfDay: '08:00' }],
    ['1d', '1w', { timeZone: 'UTC' }],
    ['1d', '1M', { timeZone: 'Asia/Tokyo', timestamp: '2026-11-22T15:00Z' }],
  ])('%s makes %s', (interval, into, options) => {
    expect(divide(interval, into, options)).toBeGreaterThan(0);
  });

  const shorter = 'it is shorter';
  const same = 'it has the same length, and only longer candles can be made';
  const uneven = 'it is no whole multiple';
  const moments =
    'its candles open between those of the source; pass as options.anchor a time at which both are to open';

  const momentsInZone =
    'a day of the time zone begins between two of them, now or after the clock changes; use shorter ones';
  const unevenDay = 'a day of the time zone is no whole multiple of them';

  it.each<[string, string, string, Options?]>([
    ['15m', '5m', shorter],
    ['1M', '1w', 'months differ in length'],
    ['1M', '60d', 'months differ in length'],
    ['1M', '1M', same],
    ['5m', '5m', same],
    ['1h', '60m', same],
    ['5m', '7m', uneven],
    ['1h', '90m', uneven],
    ['1w', '1M', uneven],
    ['3d', '1M', uneven],
    ['3d', '1w', uneven],
    ['2d', '1M', uneven],
    ['7m', '1M', uneven],
    ['7m', '1d', uneven],
    ['1w', '2d', shorter],
    ['1w', '14d', moments],
    ['3d', '6d', moments, { timestamp: '2017-08-17T00:00Z' }],
    ['7m', '21m', moments, { timestamp: '2026-01-01T00:01Z' }],
    ['12h', '24h', moments, { anchor: '2026-01-01T08:00Z' }],
    ['1h', '1d', momentsInZone, { timeZone: 'Asia/Kolkata' }],
    ['1h', '1d', momentsInZone, { timeZone: 'Australia/Lord_Howe' }],
    ['4h', '1d', momentsInZone, { timeZone: 'Europe/London' }],
    ['1d', '1w', momentsInZone, { timeZone: 'Europe/London', timestamp: '2026-01-05T00:00Z' }],
    ['1h', '4h', momentsInZone, { startOfDay: '08:30' }],
    ['7m', '21m', unevenDay, { timeZone: 'UTC' }],
    ['2d', '6d', unevenDay, { timeZone: 'UTC' }],
    ['5m', '7m', uneven, { timeZone: 'UTC' }],
    ['1d', '1d', same, { timeZone: 'Asia/Tokyo', timestamp: '2026-11-22T15:00Z' }],
    ['1M', '1w', 'months differ in length', { timeZone: 'UTC' }],
  ])('%s does not make %s: %s', (interval, into, trouble, options) => {
    expect(() => divide(interval, into, options)).toThrow(
      new ResampleError(`cannot make ${into} out of ${interval} candles: ${trouble}`),
    );
  });

  it('refuses candles of an interval that is none', () => {
    expect(() => divide('1mo', '1M')).toThrow('"1mo" is no interval');
  });
});
