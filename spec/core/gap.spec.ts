import { expect, it } from 'vitest';
import { gapBetween, withGap, withoutSlot } from '../../src/core/gap.ts';

const MINUTE = 60_000;
const minutes = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE });
const grid = { interval: '1m', gridPoint: 0 } as const;

it('is made of the slots between two candles, wherever in their slots they open', () => {
  expect(gapBetween(0, MINUTE, grid)).toBeUndefined();
  expect(gapBetween(0, 4 * MINUTE, grid)).toEqual(minutes(1, 3));
  expect(gapBetween(30_000, 3 * MINUTE + 1, grid)).toEqual(minutes(1, 2));
  expect(gapBetween(0, 30_000, grid)).toBeUndefined();
  const months = { interval: '1M', gridPoint: 0 } as const;
  const [january, march] = [Date.UTC(2026, 0), Date.UTC(2026, 2)];
  expect(gapBetween(january, march, months)).toEqual({ from: Date.UTC(2026, 1), to: Date.UTC(2026, 1) });
});

it('becomes one with what it touches or overlaps', () => {
  const apart = [minutes(1, 2), minutes(8, 9)];
  expect(withGap(apart, minutes(4, 6), '1m')).toEqual([minutes(1, 2), minutes(4, 6), minutes(8, 9)]);
  expect(withGap(apart, minutes(3, 7), '1m')).toEqual([minutes(1, 9)]);
  expect(withGap(apart, minutes(2, 5), '1m')).toEqual([minutes(1, 5), minutes(8, 9)]);
});

it('falls apart around a candle', () => {
  expect(withoutSlot([minutes(1, 5)], 3 * MINUTE, '1m')).toEqual([minutes(1, 2), minutes(4, 5)]);
  expect(withoutSlot([minutes(1, 5)], MINUTE + 1, '1m')).toEqual([minutes(2, 5)]);
  expect(withoutSlot([minutes(1, 1)], MINUTE, '1m')).toEqual([]);
  expect(withoutSlot([minutes(1, 5)], 6 * MINUTE, '1m')).toEqual([minutes(1, 5)]);
});
