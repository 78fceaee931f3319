import { describe, expect, it } from 'vitest';
import { followsAt, slotAfter, slotAt, slotBefore, slotFrom, successionOf, type Grid } from '../../src/core/grid.ts';

const HOUR = 3_600_000;
const GRID: Grid = { interval: '1h', gridPoint: 0 };
/** The outage of 2018-02-11 as the exchange shows it: the hour of 04:00 UTC is this many after the epoch. */
const FOUR = 1_518_321_600_000;

describe('slots of the grid', () => {
  it.each<[string, number, { at: number; after: number; from: number; before: number }]>([
    ['on an open time', 5, { at: 5, after: 6, from: 5, before: 4 }],
    ['within a slot', 5.5, { at: 5, after: 6, from: 6, before: 4 }],
  ])('%s', (_, time, { at, after, from, before }) => {
    expect(slotAt(time * HOUR, GRID)).toBe(at * HOUR);
    expect(slotAfter(time * HOUR, GRID)).toBe(after * HOUR);
    expect(slotFrom(time * HOUR, GRID)).toBe(from * HOUR);
    expect(slotBefore(time * HOUR, GRID)).toBe(before * HOUR);
  });

  it('are those of the symbol where they differ by symbol', () => {
    const grid: Grid = { interval: '3d', gridPoint: 24 * HOUR };
    expect(slotAt(100 * HOUR, grid)).toBe(96 * HOUR);
    expect(slotAfter(100 * HOUR, grid)).toBe(168 * HOUR);
    expect(slotFrom(97 * HOUR, grid)).toBe(168 * HOUR);
    expect(slotBefore(100 * HOUR, grid)).toBe(24 * HOUR);
  });
});

describe('what follows a candle', () => {
  const after = (timestamp: number, closeTime: number) => successionOf({ timestamp, closeTime }, GRID);

  it.each<[string, number, number, number, number]>([
    ['opens where it ends', 5 * HOUR, 6 * HOUR - 1, 6 * HOUR, 6 * HOUR],
    ['may open within its slot, where it is cut short', 5 * HOUR, 5.5 * HOUR - 1, 5.5 * HOUR, 5.5 * HOUR],
    ['opens with the next slot or a ms later, where it ends a ms late', 5 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR + 1],
    ['opens with the next slot or behind it, off the grid', 5.25 * HOUR, 6.25 * HOUR - 1, 6 * HOUR, 6.25 * HOUR],
    ['opens with the next slot though it covers that too', 5 * HOUR, 7 * HOUR - 1, 6 * HOUR, 7 * HOUR - 1],
    ['opens in the next slot however long it is', 5 * HOUR, 99 * HOUR, 6 * HOUR, 7 * HOUR - 1],
    ['opens at 04:00, as on 2018-02-11', 1_518_319_694_789, 1_518_321_600_999, FOUR, FOUR + 1000],
  ])('%s', (_, timestamp, closeTime, next, latest) => {
    expect(after(timestamp, closeTime)).toEqual({ next, latest });
  });
});

it.each<[string, number, boolean]>([
  ['where the slot begins', 6, true],
  ['where it ends', 6.5, true],
  ['before either, within it', 5.5, true],
  ['between the two', 6.25, false],
  ['after both', 7, false],
])('a candle that reaches into the next slot is followed at once by one that opens %s', (_, openTime, follows) => {
  const succession = successionOf({ timestamp: 5 * HOUR, closeTime: 6.5 * HOUR - 1 }, GRID);
  expect(followsAt(openTime * HOUR, succession)).toBe(follows);
});
