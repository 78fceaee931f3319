import type { EpochMs } from './epoch.ts';
import { slotAfter, slotAt, slotBefore, type Grid } from './grid.ts';
import { nextOpenTime, type Interval } from './interval.ts';

/** Open times of the first and last candle of a range without any, ms UTC, both inclusive. */
export interface Gap {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * The slots of the grid between two successive candles of an exchange, in which it has none; undefined where they follow
 * each other.
 */
export function gapBetween(before: EpochMs, after: EpochMs, grid: Grid): Gap | undefined {
  const [from, to] = [slotAfter(before, grid), slotBefore(after, grid)];
  return from <= to ? { from, to } : undefined;
}

/** Adds a gap: what touches it becomes one with it. Rising order. */
export function withGap(gaps: readonly Gap[], added: Gap, interval: Interval): readonly Gap[] {
  const isApart = ({ from, to }: Gap) =>
    nextOpenTime(to, interval) < added.from || nextOpenTime(added.to, interval) < from;
  const touching = [added, ...gaps.filter((gap) => !isApart(gap))];
  const joined = {
    from: Math.min(...touching.map(({ from }) => from)),
    to: Math.max(...touching.map(({ to }) => to)),
  };
  return [...gaps.filter(isApart), joined].sort((a, b) => a.from - b.from);
}

/** Takes the slot of a candle out of the gap it lies in. */
export function withoutSlot(gaps: readonly Gap[], openTime: EpochMs, interval: Interval): readonly Gap[] {
  return gaps.flatMap(({ from, to }) => {
    const grid = { interval, gridPoint: from };
    const slot = slotAt(openTime, grid);
    if (slot < from || slot > to) return [{ from, to }];
    const parts = [
      { from, to: slotBefore(slot, grid) },
      { from: slotAfter(slot, grid), to },
    ];
    return parts.filter((part) => part.from <= part.to);
  });
}
