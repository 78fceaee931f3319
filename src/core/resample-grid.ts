import { lengthOf, type ResampleInterval } from './custom-interval.ts';
import type { EpochMs } from './epoch.ts';
import { ResampleError } from './errors.ts';
import { closeTimeOf, isInterval, openTimeAt, SHORTEST_LENGTH_MS } from './interval.ts';
import { timeOfDayOf, zonedDays, type ZonedDays } from './zoned-days.ts';

/** First and last millisecond, both inclusive, of one candle. */
export interface Span {
  readonly timestamp: EpochMs;
  readonly closeTime: EpochMs;
}

/** Where the candles of one interval open and close. */
export interface Grid {
  readonly interval: ResampleInterval;
  /** Null for months, whose length varies. */
  readonly lengthMs: number | null;
  /** Any open time of the grid. */
  readonly origin: EpochMs;
  /** Null for a grid that is counted in UTC, without regard to days. */
  readonly days: ZonedDays | null;
}

/** The part of `ResampleOptions` that moves the grid. */
export interface GridOptions {
  readonly anchor?: EpochMs | undefined;
  readonly timeZone?: string | undefined;
  readonly startOfDay?: string | undefined;
}

const DAY = SHORTEST_LENGTH_MS['1d'];

/**
 * The grid that `resample` cuts by: where the exchange has its candles, or else counted from the epoch; from `anchor` if
 * there is one, where months begin at its day and time of day; by the days of `timeZone`, if it or `startOfDay` is given.
 *
 * @throws ResampleError for a text that is no interval, for `3d` without an anchor, for months from a day that not
 *   every month has, and for a day or more of hours in a time zone
 */
export function targetGrid(interval: ResampleInterval, options: GridOptions = {}): Grid {
  const { anchor, timeZone, startOfDay } = options;
  const grid = exchangeGrid(interval);
  if (anchor !== undefined) return { ...grid, origin: grid.lengthMs === null ? startOfMonthly(anchor) : anchor };
  if (interval === '3d') throw new ResampleError(ANCHOR_FOR_3D);
  return timeZone === undefined && startOfDay === undefined ? grid : { ...grid, days: daysFor(grid, options) };
}

const ANCHOR_FOR_3D =
  "3d needs options.anchor: the grid of 3d differs by symbol, so pass any open time of the exchange's own 3d candles";

function startOfMonthly(anchor: EpochMs): EpochMs {
  if (anchor - openTimeAt(anchor, '1M') < SHORTEST_LENGTH_MS['1M']) return anchor;
  const day = new Date(anchor).getUTCDate();
  throw new ResampleError(`anchor must lie on one of the days 1 to 28 for 1M, as not every month has a day ${day}`);
}

function daysFor(grid: Grid, { timeZone = 'UTC', startOfDay = '00:00' }: GridOptions): ZonedDays {
  requireDays(grid);
  return zonedDays(timeZone, timeOfDayOf(startOfDay) ?? 0);
}

/** Hours are counted anew each day, and not every day has 24. */
function requireDays({ interval, lengthMs }: Grid): void {
  if (lengthMs === null || lengthMs < DAY || !/[smh]$/.test(interval)) return;
  const days = Math.ceil(lengthMs / DAY);
  throw new ResampleError(
    `${interval} is not shorter than a day, and in a time zone hours are counted anew each day: use ${days}d, or anchor`,
  );
}

/** Where the exchange has its candles of an interval, or would have them: counted from the epoch, in UTC. */
export function exchangeGrid(interval: ResampleInterval): Grid {
  const lengthMs = lengthOf(interval);
  return { interval, lengthMs, origin: isInterval(interval) ? openTimeAt(0, interval, 0) : 0, days: null };
}

/** The candle of a grid that contains `time`. */
export function spanAt(grid: Grid, time: EpochMs): Span {
  const { lengthMs, origin, days } = grid;
  if (days !== null) return zonedSpanAt(grid, days, time);
  if (lengthMs === null) {
    const lateBy = lateness(origin);
    const month = openTimeAt(time - lateBy, '1M');
    return { timestamp: month + lateBy, closeTime: closeTimeOf(month, '1M') + lateBy };
  }
  const timestamp = origin + Math.floor((time - origin) / lengthMs) * lengthMs;
  return { timestamp, closeTime: timestamp + lengthMs - 1 };
}

/** How long after the beginning of a month its candle opens, ms. */
function lateness(origin: EpochMs): number {
  return origin - openTimeAt(origin, '1M');
}

/**
 * Less than a day is counted from the start of its day, and ends with it. Which dates make a longer candle is told by the
 * calendar, as in UTC.
 */
function zonedSpanAt(grid: Grid, days: ZonedDays, time: EpochMs): Span {
  const { number, start, end } = days.dayAt(time);
  if (grid.lengthMs !== null && grid.lengthMs < DAY) {
    const timestamp = start + Math.floor((time - start) / grid.lengthMs) * grid.lengthMs;
    return { timestamp, closeTime: Math.min(timestamp + grid.lengthMs, end) - 1 };
  }
  const dates = spanAt({ ...grid, days: null }, number * DAY);
  return { timestamp: days.startOf(dates.timestamp / DAY), closeTime: days.startOf((dates.closeTime + 1) / DAY) - 1 };
}
