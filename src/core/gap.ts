import type { EpochMs } from './epoch.ts';
import type { MissingReason } from './events.ts';
import { slotAfter, slotAt, slotBefore, type Grid } from './grid.ts';
import { nextOpenTime, type Interval } from './interval.ts';

/** Open times of the first and last candle of a range without any, ms UTC, both inclusive. */
export interface Gap {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Why a candle is not there: what `CANDLE_MISSING` says, or `truncated` for what `HISTORY_TRUNCATED` says. */
export type GapReason = MissingReason | 'truncated';

/** A gap, and why; undefined where that is not known. */
export interface ReasonedGap extends Gap {
  readonly reason?: GapReason | undefined;
}

/**
 * The slots of the grid between two successive candles of an exchange, in which it has none; undefined where they follow
 * each other.
 */
export function gapBetween(before: EpochMs, after: EpochMs, grid: Grid): Gap | undefined {
  const [from, to] = [slotAfter(before, grid), slotBefore(after, grid)];
  return from <= to ? { from, to } : undefined;
}

/**
 * Adds a gap: what touches it becomes one with it, unless it has another reason. Where two reasons overlap, a known one
 * counts more than none, and a later one more than an earlier. Rising order.
 */
export function withGap(gaps: readonly ReasonedGap[], added: ReasonedGap, interval: Interval): readonly ReasonedGap[] {
  const isAlike = ({ reason }: ReasonedGap) => reason === added.reason;
  const others = gaps.filter((gap) => !isAlike(gap));
  const isKnown = added.reason !== undefined;
  const left = isKnown ? others.flatMap((gap) => without(gap, added, interval)) : others;
  const parts = isKnown ? [added] : withoutAll(added, others, interval);
  const alike = parts.reduce<readonly ReasonedGap[]>((all, part) => joined(all, part, interval), gaps.filter(isAlike));
  return [...left, ...alike].sort((a, b) => a.from - b.from);
}

function withoutAll(gap: ReasonedGap, cuts: readonly Gap[], interval: Interval): readonly ReasonedGap[] {
  const whole: readonly ReasonedGap[] = [gap];
  return cuts.reduce((parts, cut) => parts.flatMap((part) => without(part, cut, interval)), whole);
}

/**
 * One range for all that touch each other, whatever their reasons.
 *
 * @param gaps - in rising order
 */
export function rangesOf(gaps: readonly ReasonedGap[], interval: Interval): readonly Gap[] {
  const ranges: Gap[] = [];
  for (const { from, to } of gaps) {
    const last = ranges.at(-1);
    if (last === undefined || nextOpenTime(last.to, interval) < from) ranges.push({ from, to });
    else ranges.splice(-1, 1, { from: last.from, to });
  }
  return ranges;
}

/** What is left of a gap outside a range. */
function without<T extends Gap>(gap: T, { from, to }: Gap, interval: Interval): readonly T[] {
  if (to < gap.from || gap.to < from) return [gap];
  const grid = { interval, gridPoint: gap.from };
  const parts = [
    { ...gap, to: slotBefore(from, grid) },
    { ...gap, from: slotAfter(to, grid) },
  ];
  return parts.filter((part) => part.from <= part.to);
}

function joined<T extends Gap>(gaps: readonly T[], added: T, interval: Interval): readonly T[] {
  const isApart = ({ from, to }: Gap) =>
    nextOpenTime(to, interval) < added.from || nextOpenTime(added.to, interval) < from;
  const touching = [added, ...gaps.filter((gap) => !isApart(gap))];
  const whole = {
    ...added,
    from: Math.min(...touching.map(({ from }) => from)),
    to: Math.max(...touching.map(({ to }) => to)),
  };
  return [...gaps.filter(isApart), whole].sort((a, b) => a.from - b.from);
}

/** Takes the slot of a candle out of the gap it lies in. */
export function withoutSlot<T extends Gap>(gaps: readonly T[], openTime: EpochMs, interval: Interval): readonly T[] {
  return gaps.flatMap((gap) => {
    const slot = slotAt(openTime, { interval, gridPoint: gap.from });
    return without(gap, { from: slot, to: slot }, interval);
  });
}

/** A gap as parts of one reason each, by what has been said of it. */
export function reasonedParts(gap: Gap, said: readonly ReasonedGap[], interval: Interval): readonly ReasonedGap[] {
  const within = said.map(({ from, to, ...why }) => ({
    ...why,
    from: Math.max(from, gap.from),
    to: Math.min(to, gap.to),
  }));
  const whole: readonly ReasonedGap[] = [gap];
  return within.filter(({ from, to }) => from <= to).reduce((parts, part) => withGap(parts, part, interval), whole); // prettier-ignore
}
