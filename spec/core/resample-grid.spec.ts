import fc from 'fast-check';
import moment from 'moment-timezone';
import { describe, expect, it } from 'vitest';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import { spanAt, targetGrid } from '../../src/core/resample-grid.ts';

const at = (text: string): number => new Date(text).getTime();
const iso = (time: number): string => new Date(time).toISOString();

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
    const grid = targetGrid(interval, anchor === undefined ? {} : { anchor: at(anchor) });
    expect(iso(spanAt(grid, at(time)).timestamp)).toBe(iso(at(open)));
  });

  it('ends a candle one millisecond before the next', () => {
    expect(iso(spanAt(targetGrid('1M'), at('2024-02-10T00:00Z')).closeTime)).toBe('2024-02-29T23:59:59.999Z');
    expect(iso(spanAt(targetGrid('36h'), at('1970-01-01T00:00Z')).closeTime)).toBe('1970-01-02T11:59:59.999Z');
  });

  it('ends a month that begins late where the next one does', () => {
    const span = spanAt(targetGrid('1M', { anchor: at('2026-01-15T08:00Z') }), at('2024-02-20T00:00Z'));
    expect(iso(span.closeTime)).toBe('2024-03-15T07:59:59.999Z');
  });

  it('says what 3d needs', () => {
    expect(() => targetGrid('3d')).toThrow(/^3d needs options\.anchor: .* pass any open time of the exchange's own/);
  });
});

describe('a grid of the days of a time zone', () => {
  const newYork = { timeZone: 'America/New_York', startOfDay: '17:00' };
  const london = { timeZone: 'Europe/London' };

  it.each([
    ['1d', newYork, '2026-03-08T12:00Z', '2026-03-07T22:00Z', '2026-03-08T21:00Z'],
    ['2d', newYork, '2026-03-08T12:00Z', '2026-03-06T22:00Z', '2026-03-08T21:00Z'],
    ['1w', newYork, '2026-03-09T20:59Z', '2026-03-02T22:00Z', '2026-03-09T21:00Z'],
    ['1M', newYork, '2026-03-09T21:00Z', '2026-03-01T22:00Z', '2026-04-01T21:00Z'],
    ['1M', { startOfDay: '08:00' }, '2026-03-01T07:59Z', '2026-02-01T08:00Z', '2026-03-01T08:00Z'],
    ['1M', { timeZone: 'Pacific/Apia' }, '2011-12-30T12:00Z', '2011-12-01T10:00Z', '2011-12-31T10:00Z'],
    ['1w', { timeZone: 'Pacific/Apia' }, '2011-12-30T12:00Z', '2011-12-26T10:00Z', '2012-01-01T10:00Z'],
    ['4h', newYork, '2026-01-15T03:00Z', '2026-01-15T02:00Z', '2026-01-15T06:00Z'],
    ['4h', london, '2026-03-29T22:59Z', '2026-03-29T20:00Z', '2026-03-29T23:00Z'],
    ['4h', london, '2026-10-25T23:00Z', '2026-10-25T23:00Z', '2026-10-26T00:00Z'],
    ['1h', { timeZone: 'Australia/Lord_Howe' }, '2025-10-05T12:59Z', '2025-10-05T12:30Z', '2025-10-05T13:00Z'],
    ['7m', { timeZone: 'Asia/Kathmandu' }, '2026-01-01T18:14Z', '2026-01-01T18:10Z', '2026-01-01T18:15Z'],
    ['7m', { timeZone: 'UTC' }, '2026-01-01T00:00Z', '2026-01-01T00:00Z', '2026-01-01T00:07Z'],
  ] as const)('%s by %j has %s in the candle from %s to %s', (interval, options, time, open, end) => {
    const span = spanAt(targetGrid(interval, options), at(time));
    expect([iso(span.timestamp), iso(span.closeTime + 1)]).toEqual([iso(at(open)), iso(at(end))]);
  });

  it.each(['isoWeek', 'month'] as const)('has each %s of twenty years where another library has it', (unit) => {
    const grid = targetGrid(unit === 'month' ? '1M' : '1w', newYork);
    const date = moment.utc('2006-01-02').startOf(unit);
    while (date.year() < 2026) {
      const open = moment.tz(`${date.format('YYYY-MM-DD')} 17:00`, newYork.timeZone).valueOf();
      expect(iso(spanAt(grid, open).timestamp)).toBe(iso(open));
      expect(iso(spanAt(grid, open - 1).closeTime)).toBe(iso(open - 1));
      date.add(1, unit === 'month' ? 'month' : 'week');
    }
  });

  it('has no moment in two candles or in none', () => {
    const intervals = fc.constantFrom<ResampleInterval>('5m', '7m', '4h', '1d', '5d', '1w', '1M');
    const zones = fc.constantFrom('America/Havana', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca');
    const starts = fc.constantFrom('00:00', '00:30', '02:10', '17:00');
    const times = fc.integer({ min: at('2006-01-01T00:00Z'), max: at('2036-01-01T00:00Z') });
    fc.assert(
      fc.property(intervals, zones, starts, times, (interval, timeZone, startOfDay, time) => {
        const grid = targetGrid(interval, { timeZone, startOfDay });
        const { timestamp, closeTime } = spanAt(grid, time);
        expect(timestamp <= time && time <= closeTime).toBe(true);
        expect(spanAt(grid, timestamp)).toEqual({ timestamp, closeTime });
        expect(spanAt(grid, closeTime)).toEqual({ timestamp, closeTime });
        expect(spanAt(grid, closeTime + 1).timestamp).toBe(closeTime + 1);
      }),
    );
  });

  it.each([
    ['24h', 'use 1d, or anchor'],
    ['36h', 'use 2d, or anchor'],
    ['1440m', 'use 1d, or anchor'],
    ['3d', '3d needs options.anchor'],
  ] as const)('cannot be made of %s', (interval, words) => {
    expect(() => targetGrid(interval, london)).toThrow(words);
  });
});
