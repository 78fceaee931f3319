import {
  closeTimeOf, INTERVALS, isInterval, nextOpenTime, openTimeAt, UnsupportedIntervalError, type Interval, type ResampleInterval,
} from '../../index.ts'; // prettier-ignore

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Lengths that are the same everywhere and open on the grid of the epoch. Weeks begin on Mondays, `3d` where the exchange says. */
const REGULAR: readonly Interval[] = INTERVALS.filter((interval) => !['3d', '1w', '1M'].includes(interval));

/**
 * An interval that can be drawn: one of the exchange's, or a whole number of seconds, minutes, hours or days.
 *
 * @returns the exchange's own spelling where it has that length: `60m` is `1h`
 * @throws UnsupportedIntervalError for any other text
 */
export function toChartInterval(text: string): ResampleInterval {
  if (isInterval(text)) return text;
  const lengthMs = customLengthOf(text);
  if (lengthMs === undefined)
    throw new UnsupportedIntervalError(text, INTERVALS, 'or write a whole number of s, m, h or d, like 7m');
  return REGULAR.find((interval) => lengthOf(interval) === lengthMs) ?? (text as ResampleInterval);
}

/** What candles of an interval can be had from, the best first: the exchange's own, else the longest that fits into it. */
export function sourcesOf(interval: ResampleInterval): readonly Interval[] {
  const own = isInterval(interval) ? [interval] : [];
  const parts = REGULAR.filter((part) => part !== interval && partsIn(interval, part) !== undefined);
  return [...own, ...parts.reverse()];
}

/** How many candles of `part` make one of `interval`; undefined where they do not fit. */
export function partsIn(interval: ResampleInterval, part: Interval): number | undefined {
  if (interval === '1w' || interval === '3d' || interval === '1M') return undefined;
  const parts = lengthOf(interval) / lengthOf(part);
  return Number.isInteger(parts) && parts >= 1 ? parts : undefined;
}

/** Open time of the slot that holds a moment. `3d` is taken to open at that moment. */
export function slotAt(time: number, interval: ResampleInterval): number {
  if (interval === '3d') return time;
  return isInterval(interval) ? openTimeAt(time, interval) : time - (time % lengthOf(interval));
}

/** Open time of the slot after one. */
export function slotAfter(openTime: number, interval: ResampleInterval): number {
  return isInterval(interval) ? nextOpenTime(openTime, interval) : openTime + lengthOf(interval);
}

function lengthOf(interval: ResampleInterval): number {
  return isInterval(interval) ? closeTimeOf(0, interval) + 1 : (customLengthOf(interval) ?? Number.NaN);
}

function customLengthOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  return count === '' ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
