import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  gapBetween,
  rangesOf,
  reasonedParts,
  withGap,
  withoutSlot,
  type GapReason,
  type ReasonedGap,
} from '../../src/core/gap.ts';

const MINUTE = 60_000;
const minutes = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE });
const because = (reason: GapReason, from: number, to: number) => ({ ...minutes(from, to), reason });
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

it('stays apart from what it touches for another reason; a known one counts more than none', () => {
  const quiet = because('no trades', 3, 5);
  expect(withGap([minutes(1, 2)], quiet, '1m')).toEqual([minutes(1, 2), quiet]);
  expect(withGap([minutes(1, 9)], quiet, '1m')).toEqual([minutes(1, 2), quiet, minutes(6, 9)]);
  expect(withGap([quiet], minutes(1, 9), '1m')).toEqual([minutes(1, 2), quiet, minutes(6, 9)]);
  expect(withGap([quiet], because('rejected', 4, 4), '1m')).toEqual([
    because('no trades', 3, 3),
    because('rejected', 4, 4),
    because('no trades', 5, 5),
  ]);
  expect(rangesOf([minutes(1, 2), quiet, minutes(7, 9)], '1m')).toEqual([minutes(1, 5), minutes(7, 9)]);
});

it('is taken apart by what was said of it', () => {
  const said = [because('truncated', 0, 2), because('rejected', 4, 4), because('absent', 20, 30)];
  expect(reasonedParts(minutes(1, 6), said, '1m')).toEqual([
    because('truncated', 1, 2),
    minutes(3, 3),
    because('rejected', 4, 4),
    minutes(5, 6),
  ]);
});

it('covers the same minutes whatever the reasons, each once', () => {
  const gap: fc.Arbitrary<ReasonedGap> = fc
    .record({ from: fc.nat(20), length: fc.nat(6), reason: fc.constantFrom(undefined, 'absent' as const, 'no trades' as const) })
    .map(({ from, length, reason }) => ({ ...minutes(from, from + length), ...(reason && { reason }) })); // prettier-ignore
  const slots = (gaps: readonly ReasonedGap[]) =>
    gaps.flatMap(({ from, to }) => Array.from({ length: (to - from) / MINUTE + 1 }, (_, n) => from + n * MINUTE));
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 8 }), (added) => {
      const all = added.reduce<readonly ReasonedGap[]>((gaps, one) => withGap(gaps, one, '1m'), []);
      const wanted = [...new Set(slots(added))].sort((a, b) => a - b);
      expect(slots(all)).toEqual(wanted);
      expect(slots(rangesOf(all, '1m'))).toEqual(wanted);
    }),
  );
});
