import { describe, expect, it } from 'vitest';
import {
  customLengthOf,
  partLengthOf,
  spanAt,
  targetGrid,
  type ResampleInterval,
} from '../../src/core/custom-interval.ts';
import { ResampleError } from '../../src/core/errors.ts';

const at = (text: string): number => new Date(text).getTime();
const iso = (time: number): string => new Date(time).toISOString();

const divide = (interval: string, into: string, options: { anchor?: string; timestamp?: string } = {}): number => {
  const { anchor, timestamp = '2026-11-22T00:00Z' } = options;
  const target = targetGrid(into as ResampleInterval, anchor === undefined ? undefined : at(anchor));
  return partLengthOf({ interval: interval as ResampleInterval, timestamp: at(timestamp) }, target);
};

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
    expect(() => targetGrid('0m', undefined)).toThrow(
      '"0m" is no interval: use one of the exchange\'s or a whole number',
    );
    expect(() => targetGrid(undefined as unknown as '1m', undefined)).toThrow(ResampleError);
  });
});

describe('the grid to cut by', () => {
  it.each<[ResampleInterval, string | undefined, string, string]>([
    ['7m', undefined, '1970-01-01T00:08Z', '1970-01-01T00:07Z'],
    ['7m', '1970-01-01T00:05Z', '1970-01-01T00:08Z', '1970-01-01T00:05Z'],
    ['90m', undefined, '2026-11-22T02:59Z', '2026-11-22T01:30Z'],
    ['2d', undefined, '1970-01-04T12:00Z', '1970-01-03T00:00Z'],
    ['2d', '1970-01-02T00:00Z', '1970-01-01T12:00Z', '1969-12-31T00:00Z'],
    ['24h', '2026-01-01T08:00Z', '2026-11-22T07:59Z', '2026-11-21T08:00Z'],
    ['7d', undefined, '1970-01-09T00:00Z', '1970-01-08T00:00Z'],
    ['1w', undefined, '1970-01-09T00:00Z', '1970-01-05T00:00Z'],
    ['1w', '1970-01-01T00:00Z', '1970-01-09T00:00Z', '1970-01-08T00:00Z'],
    ['1d', '2026-01-01T17:00Z', '2026-11-22T16:59Z', '2026-11-21T17:00Z'],
    ['1h', '2026-01-01T00:30Z', '2026-11-22T16:29Z', '2026-11-22T15:30Z'],
    ['1M', '2026-01-15T08:00Z', '2024-03-15T07:59Z', '2024-02-15T08:00Z'],
    ['1M', '2026-01-28T23:59Z', '2024-03-01T00:00Z', '2024-02-28T23:59Z'],
    ['3d', '2017-08-17T00:00Z', '2017-08-19T23:59Z', '2017-08-17T00:00Z'],
    ['1M', undefined, '2024-02-29T00:00Z', '2024-02-01T00:00Z'],
  ])('%s with anchor %s holds %s in the candle of %s', (interval, anchor, time, open) => {
    const grid = targetGrid(interval, anchor === undefined ? undefined : at(anchor));
    expect(iso(spanAt(grid, at(time)).timestamp)).toBe(iso(at(open)));
  });

  it('ends a candle one millisecond before the next', () => {
    expect(iso(spanAt(targetGrid('1M', undefined), at('2024-02-10T00:00Z')).closeTime)).toBe(
      '2024-02-29T23:59:59.999Z',
    );
    expect(iso(spanAt(targetGrid('36h', undefined), at('1970-01-01T00:00Z')).closeTime)).toBe(
      '1970-01-02T11:59:59.999Z',
    );
  });

  it('ends a month that begins late where the next one does', () => {
    const span = spanAt(targetGrid('1M', at('2026-01-15T08:00Z')), at('2024-02-20T00:00Z'));
    expect(iso(span.closeTime)).toBe('2024-03-15T07:59:59.999Z');
  });

  it('says what 3d needs', () => {
    expect(() => targetGrid('3d', undefined)).toThrow(
      /^3d needs options\.anchor: .* pass any open time of the exchange's own/,
    );
  });
});

describe('a source divides a target', () => {
  it.each<[string, string, { anchor?: string; timestamp?: string }?]>([
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
  ])('%s makes %s', (interval, into, options) => {
    expect(divide(interval, into, options)).toBeGreaterThan(0);
  });

  const shorter = 'it is shorter';
  const same = 'it has the same length, and only longer candles can be made';
  const uneven = 'it is no whole multiple';
  const moments =
    'its candles open between those of the source; pass as options.anchor a time at which both are to open';

  it.each<[string, string, string, { anchor?: string; timestamp?: string }?]>([
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
  ])('%s does not make %s: %s', (interval, into, trouble, options) => {
    expect(() => divide(interval, into, options)).toThrow(
      new ResampleError(`cannot make ${into} out of ${interval} candles: ${trouble}`),
    );
  });

  it('refuses candles of an interval that is none', () => {
    expect(() => divide('1mo', '1M')).toThrow('"1mo" is no interval');
  });
});
