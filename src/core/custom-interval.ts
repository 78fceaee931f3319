import type { EpochMs } from './candle.ts';
import { ResampleError } from './errors.ts';
import { closeTimeOf, isInterval, openTimeAt, SHORTEST_LENGTH_MS, type Interval } from './interval.ts';

/** A whole number of seconds, minutes, hours or days that the exchange need not have: `7m`, `90m`, `2d`. */
export type CustomInterval = `${number}${'s' | 'm' | 'h' | 'd'}`;

/** What `resample` can make: the exchange's intervals and any whole number of seconds, minutes, hours or days. */
export type ResampleInterval = Interval | CustomInterval;

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
}

const DAY = SHORTEST_LENGTH_MS['1d'];

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: DAY } as const;

/** Length of `7m`, `90m`, `2d`, ms; undefined for a text that is no such interval: `0m`, `1.5h`, `07m`, `1x`. */
export function customLengthOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d*)([smhd])$/.exec(text) ?? [];
  if (count === '') return undefined;
  const length = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return Number.isSafeInteger(length) ? length : undefined;
}

/**
 * The grid that `resample` cuts by: where the exchange has its candles, or else counted from the epoch; from `anchor` if
 * there is one. Months then begin at its day and time of day.
 *
 * @throws ResampleError for a text that is no interval, for `3d` without an anchor, and for months from a day that not
 *   every month has
 */
export function targetGrid(interval: ResampleInterval, anchor: EpochMs | undefined): Grid {
  if (interval === '3d' && anchor === undefined) {
    throw new ResampleError(
      "3d needs options.anchor: the grid of 3d differs by symbol, so pass any open time of the exchange's own 3d candles",
    );
  }
  if (anchor === undefined) return exchangeGrid(interval);
  if (interval === '1M') return { interval, lengthMs: null, origin: startOfMonthly(anchor) };
  return { ...exchangeGrid(interval), origin: anchor };
}

function startOfMonthly(anchor: EpochMs): EpochMs {
  if (anchor - openTimeAt(anchor, '1M') < SHORTEST_LENGTH_MS['1M']) return anchor;
  const day = new Date(anchor).getUTCDate();
  throw new ResampleError(`anchor must lie on one of the days 1 to 28 for 1M, as not every month has a day ${day}`);
}

function exchangeGrid(interval: ResampleInterval): Grid {
  if (interval === '1M') return { interval, lengthMs: null, origin: openTimeAt(0, '1M') };
  if (isInterval(interval)) {
    return { interval, lengthMs: SHORTEST_LENGTH_MS[interval], origin: openTimeAt(0, interval, 0) };
  }
  const lengthMs = customLengthOf(interval);
  if (lengthMs !== undefined) return { interval, lengthMs, origin: 0 };
  const text = JSON.stringify(interval);
  throw new ResampleError(
    `${text} is no interval: use one of the exchange's or a whole number of s, m, h or d, like 7m, 90m, 2d`,
  );
}

/** The candle of a grid that contains `time`. */
export function spanAt({ lengthMs, origin }: Grid, time: EpochMs): Span {
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
 * Length of the source's candles, ms, once it is sure that every candle of the target is a whole number of them.
 *
 * @param first - any candle of the source; where the interval alone does not say the grid (`3d`, `7m`), it does
 * @throws ResampleError that names both intervals and says what is wrong
 */
export function partLengthOf(first: { interval: ResampleInterval; timestamp: EpochMs }, target: Grid): number {
  const known = exchangeGrid(first.interval);
  const seen = { ...known, origin: first.timestamp };
  // A row off the exchange's grid may be one of an outage, or the first of a grid that was moved by an anchor.
  const grids = isInterval(first.interval) && first.interval !== '3d' ? [known, seen] : [seen];
  const [trouble = null, ...others] = grids.map((source) => troubleBetween(source, target));
  if (known.lengthMs !== null && [trouble, ...others].includes(null)) return known.lengthMs;
  throw new ResampleError(`cannot make ${target.interval} out of ${first.interval} candles: ${String(trouble)}`);
}

function troubleBetween(source: Grid, target: Grid): string | null {
  if (source.lengthMs === null) return target.lengthMs === null ? SAME_LENGTH : 'months differ in length';
  if (source.lengthMs === target.lengthMs) return SAME_LENGTH;
  // Months are whole days.
  const lengthMs = target.lengthMs ?? DAY;
  if (lengthMs % source.lengthMs !== 0) return isShorter(target, source.lengthMs) ? SHORTER : 'it is no whole multiple';
  return (target.origin - source.origin) % source.lengthMs === 0 ? null : OTHER_MOMENTS;
}

const SAME_LENGTH = 'it has the same length, and only longer candles can be made';

const SHORTER = 'it is shorter';

const OTHER_MOMENTS =
  'its candles open between those of the source; pass as options.anchor a time at which both are to open';

function isShorter(target: Grid, sourceMs: number): boolean {
  return target.lengthMs !== null && target.lengthMs < sourceMs;
}
