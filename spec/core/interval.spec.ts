import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closeTimeOf,
  INTERVALS,
  isInterval,
  nextOpenTime,
  openTimeAt,
  SHORTEST_LENGTH_MS,
  type Interval,
} from '../../src/core/interval.ts';

const at = (text: string): number => new Date(text).getTime();

/** Any open time of BTCUSDT's 3d candles: its first trading day. */
const FIRST_DAY = at('2017-08-17T00:00Z');

describe('openTimeAt', () => {
  it.each<[Interval, string, string]>([
    ['1s', '2026-11-22T10:07:03.999Z', '2026-11-22T10:07:03Z'],
    ['1m', '2026-11-22T10:07:59.999Z', '2026-11-22T10:07:00Z'],
    ['15m', '2026-11-22T10:07:00Z', '2026-11-22T10:00:00Z'],
    ['6h', '2026-11-22T10:07:00Z', '2026-11-22T06:00:00Z'],
    ['8h', '2026-11-22T10:07:00Z', '2026-11-22T08:00:00Z'],
    ['1d', '2026-11-22T23:59:59.999Z', '2026-11-22T00:00:00Z'],
    ['1w', '2026-11-22T23:59:59.999Z', '2026-11-16T00:00:00Z'],
    ['1w', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['1w', '1970-01-01T00:00:00Z', '1969-12-29T00:00:00Z'],
    ['1M', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00Z'],
    ['1M', '1969-12-31T23:59:59.999Z', '1969-12-01T00:00:00Z'],
    ['1M', '0050-03-15T00:00:00Z', '0050-03-01T00:00:00Z'],
    ['1m', '1969-12-31T23:59:59.999Z', '1969-12-31T23:59:00Z'],
  ])('%s that holds %s opens at %s', (interval, time, open) => {
    expect(openTimeAt(at(time), interval)).toBe(at(open));
  });

  it('takes the grid of 3d from any open time of the series', () => {
    const earlier = openTimeAt(at('2017-08-16T23:59:59.999Z'), '3d', FIRST_DAY);
    expect(new Date(earlier).toISOString()).toBe('2017-08-14T00:00:00.000Z');
    expect(openTimeAt(FIRST_DAY + 1, '3d', FIRST_DAY + 300 * SHORTEST_LENGTH_MS['3d'])).toBe(FIRST_DAY);
  });

  it('knows no 3d without an open time of the series', () => {
    expect(() => openTimeAt(0, '3d')).toThrow(
      new RangeError('openTimeAt: 3d needs an anchor, any open time of the series'),
    );
    expect(() => openTimeAt(0, '3d', NaN)).toThrow(RangeError);
  });

  it.each([NaN, Infinity, -Infinity, 1e13 + 1, -8.64e15 - 1, undefined, null, '5', '0x', {}])(
    'refuses %s as a time',
    (time) => {
      expect(() => openTimeAt(time as number, '1m')).toThrow(/^openTimeAt: time must be a finite number of ms/);
      expect(() => nextOpenTime(time as number, '1M')).toThrow(RangeError);
      expect(() => closeTimeOf(time as number, '1d')).toThrow(RangeError);
    },
  );

  it('says so when it is given microseconds', () => {
    const micros = Date.UTC(2026, 0) * 1000;
    expect(() => openTimeAt(micros, '1m')).toThrow(/got 1767225600000000, which looks like µs: divide it by 1000$/);
    expect(() => nextOpenTime(micros, '1h')).toThrow(/looks like µs/);
    expect(() => closeTimeOf(micros * 1000, '1h')).toThrow(/looks like ns/);
    expect(() => openTimeAt(0, '3d', micros)).toThrow(/^openTimeAt: anchor .* looks like µs/);
  });

  it.each(['7m', '1mo', '60', '', 'toString', undefined, null])('refuses %s as an interval', (text) => {
    const interval = text as Interval;
    expect(() => openTimeAt(0, interval)).toThrow(/^openTimeAt: interval .* is not one of 1s 1m 3m/);
    expect(() => nextOpenTime(0, interval)).toThrow(RangeError);
    expect(() => closeTimeOf(0, interval)).toThrow(RangeError);
  });
});

describe('nextOpenTime', () => {
  it.each<[Interval, string, string]>([
    ['1m', '2026-12-31T23:59Z', '2027-01-01T00:00Z'],
    ['3d', '2017-08-17T00:00Z', '2017-08-20T00:00Z'],
    ['1w', '2026-12-28T00:00Z', '2027-01-04T00:00Z'],
    ['1M', '2024-02-01T00:00Z', '2024-03-01T00:00Z'],
    ['1M', '2023-02-01T00:00Z', '2023-03-01T00:00Z'],
    ['1M', '2026-12-01T00:00Z', '2027-01-01T00:00Z'],
    ['1M', '1969-12-01T00:00Z', '1970-01-01T00:00Z'],
  ])('after the %s of %s comes that of %s', (interval, openTime, next) => {
    expect(nextOpenTime(at(openTime), interval)).toBe(at(next));
    expect(closeTimeOf(at(openTime), interval)).toBe(at(next) - 1);
  });
});

describe('the months of four centuries', () => {
  it('have the days of the calendar, 29 in February of leap years only', () => {
    let open = at('1870-01-01T00:00Z');
    for (let month = 0; month < 4800; month += 1) {
      const year = 1870 + Math.floor(month / 12);
      const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
      const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month % 12];
      expect((nextOpenTime(open, '1M') - open) / SHORTEST_LENGTH_MS['1d']).toBe(days);
      open = nextOpenTime(open, '1M');
    }
  });
});

describe('the grid of every interval', () => {
  const time = fc.oneof(fc.integer({ min: -3e12, max: 5e12 }), fc.constantFrom(0, -0, -1, 1));

  it('holds every moment in exactly one candle, which opens where it says', () => {
    fc.assert(
      fc.property(time, fc.constantFrom(...INTERVALS), (moment, interval) => {
        const open = openTimeAt(moment, interval, FIRST_DAY);
        expect(open).toBeLessThanOrEqual(moment);
        expect(closeTimeOf(open, interval)).toBeGreaterThanOrEqual(moment);
        expect(openTimeAt(open, interval, FIRST_DAY)).toBe(open);
        expect(openTimeAt(closeTimeOf(open, interval), interval, FIRST_DAY)).toBe(open);
        expect(openTimeAt(nextOpenTime(open, interval), interval, FIRST_DAY)).toBe(nextOpenTime(open, interval));
        expect(Object.is(open, -0) || Object.is(nextOpenTime(open, interval), -0)).toBe(false);
      }),
    );
  });
});

describe('INTERVALS', () => {
  it('lists the exchange’s intervals, shortest first', () => {
    const lengths = INTERVALS.map((interval) => SHORTEST_LENGTH_MS[interval]);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(INTERVALS).toHaveLength(16);
  });

  it('is what isInterval goes by', () => {
    expect(INTERVALS.every(isInterval)).toBe(true);
    expect(['7m', '1mo', 'toString', '', 5, null, undefined, ['1m']].some(isInterval)).toBe(false);
  });
});
