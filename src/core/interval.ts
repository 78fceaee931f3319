import type { EpochMs } from './epoch.ts';
import { likelyUnitOf } from './time-bounds.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every candle length of the exchange, shortest first. Case matters: `1m` is a minute, `1M` a month. */
export const INTERVALS = [
  '1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M',
] as const; // prettier-ignore

/** A length of the exchange's own candles, as it writes it: case matters, `1m` is a minute and `1M` a month. */
export type Interval = (typeof INTERVALS)[number];

/** Length of an interval in ms; for `1M` the shortest possible one (28 days). Good for ordering and budgets only. */
export const SHORTEST_LENGTH_MS: Readonly<Record<Interval, number>> = {
  '1s': 1000, '1m': MINUTE, '3m': 3 * MINUTE, '5m': 5 * MINUTE, '15m': 15 * MINUTE, '30m': 30 * MINUTE,
  '1h': HOUR, '2h': 2 * HOUR, '4h': 4 * HOUR, '6h': 6 * HOUR, '8h': 8 * HOUR, '12h': 12 * HOUR,
  '1d': DAY, '3d': 3 * DAY, '1w': 7 * DAY, '1M': 28 * DAY,
}; // prettier-ignore

/** The same, to be looked up by any text. */
const LENGTHS: ReadonlyMap<string, number> = new Map(Object.entries(SHORTEST_LENGTH_MS));
const BY_NAME: ReadonlyMap<string, Interval> = new Map(INTERVALS.map((interval) => [interval, interval]));

/** A twelfth of a mean year of the Gregorian calendar, ms. */
const MEAN_MONTH_MS = 2_629_746_000;

/** How many candles open from one open time to another, both inclusive. */
export function candlesIn(from: EpochMs, to: EpochMs, interval: Interval): number {
  const length = interval === '1M' ? MEAN_MONTH_MS : SHORTEST_LENGTH_MS[interval];
  return Math.round((to - from) / length) + 1;
}

/** The Unix epoch fell on a Thursday; the first Monday after it is the origin of the weekly grid. */
const FIRST_MONDAY = 4 * DAY;

/** A `Date` reaches this far back from the epoch, ms (ECMAScript, "Time Values and Time Range"). */
const FIRST_TIME = -8.64e15;
/** Beyond this (the year 2286) a time is not ms but µs or ns that somebody passed on. */
const LAST_TIME = 1e13;

/** True for the exchange's own intervals only: `7m` is none of them. */
export function isInterval(value: unknown): value is Interval {
  return typeof value === 'string' && LENGTHS.has(value);
}

/** The interval that this text names, as our own string: one cut out of a frame is compared letter by letter each time. */
export function intervalNamed(text: string): Interval | undefined {
  return BY_NAME.get(text);
}

/**
 * Open time of the candle that contains `time`, ms UTC. Weeks open on Monday, months on day 1, everything up to `1d`
 * on a multiple of its length counted from the epoch.
 *
 * @param time - any ms UTC, before 1970 too
 * @param anchor - any open time of the series, ms UTC; needed for `3d`, whose grid differs by symbol, and not looked
 *   at for the others
 * @throws RangeError for `3d` without an anchor, for an interval that is not the exchange's, and for a time that is
 *   not a number of ms within 1e13 of the epoch
 */
export function openTimeAt(time: EpochMs, interval: Interval, anchor?: EpochMs): EpochMs {
  const length = lengthOf(interval, 'openTimeAt');
  requireTime(time, 'openTimeAt: time');
  if (interval === '1M') return startOfMonth(time, 0);
  const origin = originOf(interval, anchor);
  return origin + Math.floor((time - origin) / length) * length;
}

/**
 * Open time of the candle after the one that opens at `openTime`, ms UTC.
 *
 * @throws RangeError as `openTimeAt`; `3d` needs no anchor here
 */
export function nextOpenTime(openTime: EpochMs, interval: Interval): EpochMs {
  const length = lengthOf(interval, 'nextOpenTime');
  requireTime(openTime, 'nextOpenTime: openTime');
  return interval === '1M' ? startOfMonth(openTime, 1) : openTime + length;
}

/**
 * Last millisecond, inclusive, of the candle that opens at `openTime`.
 *
 * @throws RangeError as `nextOpenTime`
 */
export function closeTimeOf(openTime: EpochMs, interval: Interval): EpochMs {
  return nextOpenTime(openTime, interval) - 1;
}

function lengthOf(interval: Interval, asker: string): number {
  const length = LENGTHS.get(interval);
  if (length !== undefined) return length;
  throw new RangeError(`${asker}: interval ${JSON.stringify(interval)} is not one of ${INTERVALS.join(' ')}`);
}

function requireTime(time: EpochMs, what: string): void {
  if (Number.isFinite(time) && time >= FIRST_TIME && time <= LAST_TIME) return;
  const got = `${String(time)}${likelyUnitOf(time)}`;
  throw new RangeError(`${what} must be a finite number of ms since the epoch, at most 1e13, got ${got}`);
}

function originOf(interval: Interval, anchor: EpochMs | undefined): EpochMs {
  if (interval === '1w') return FIRST_MONDAY;
  if (interval !== '3d') return 0;
  if (anchor === undefined) throw new RangeError('openTimeAt: 3d needs an anchor, any open time of the series');
  requireTime(anchor, 'openTimeAt: anchor');
  return anchor;
}

/** `Date.UTC` would read the years 0 to 99 as 1900 to 1999; the setters do not. */
function startOfMonth(time: EpochMs, monthsLater: number): EpochMs {
  const date = new Date(time);
  date.setUTCMonth(date.getUTCMonth() + monthsLater, 1);
  return date.setUTCHours(0, 0, 0, 0);
}
