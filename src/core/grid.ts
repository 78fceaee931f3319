import type { Candle, EpochMs } from './candle.ts';
import { nextOpenTime, openTimeAt, type Interval } from './interval.ts';

/** The open times at which candles of a series are expected. Candles from old outages may open elsewhere. */
export interface Grid {
  readonly interval: Interval;
  /** Any open time on the grid. */
  readonly gridPoint: EpochMs;
}

/** Start of the slot that contains `time`. */
export function slotAt(time: EpochMs, { interval, gridPoint }: Grid): EpochMs {
  return openTimeAt(time, interval, gridPoint);
}

/** Start of the slot after the one that contains `time`. */
export function slotAfter(time: EpochMs, grid: Grid): EpochMs {
  return nextOpenTime(slotAt(time, grid), grid.interval);
}

/** Start of the first slot at or after `time`. */
export function slotFrom(time: EpochMs, grid: Grid): EpochMs {
  const slot = slotAt(time, grid);
  return slot === time ? slot : nextOpenTime(slot, grid.interval);
}

/** Start of the slot before the one that contains `time`. */
export function slotBefore(time: EpochMs, grid: Grid): EpochMs {
  return slotAt(slotAt(time, grid) - 1, grid);
}

/** Where the successor of a candle is looked for. */
export interface Succession {
  /** Earliest open time at which the successor is expected. */
  readonly next: EpochMs;
  /** Latest open time at which a candle still follows directly. */
  readonly latest: EpochMs;
}

/** Whether a candle that opens at `openTime` follows directly, with none missing in between. */
export function followsAt(openTime: EpochMs, { next, latest }: Succession): boolean {
  return openTime <= next || openTime === latest;
}

/**
 * What follows a candle. One that is cut short is followed from its own end on, and one that reaches into the next slot
 * from the beginning of that slot: there its successor may open at once, or when the candle itself ends.
 */
export function successionOf(
  { timestamp, closeTime }: Pick<Candle, 'timestamp' | 'closeTime'>,
  grid: Grid,
  slotEnd = slotAfter(timestamp, grid),
): Succession {
  const end = closeTime + 1;
  if (end <= slotEnd) return { next: end, latest: end };
  return { next: slotEnd, latest: Math.min(end, nextOpenTime(slotEnd, grid.interval) - 1) };
}

/** A candle within a longer one does not shorten it. */
export function laterOf(a: Succession, b: Succession): Succession {
  return { next: Math.max(a.next, b.next), latest: Math.max(a.latest, b.latest) };
}

/** Last open time on the grid before `time`; `gridPoint` is any open time of the series. */
export function openTimeBefore(time: EpochMs, interval: Interval, gridPoint: EpochMs): EpochMs {
  return openTimeAt(time - 1, interval, gridPoint);
}
