import type { EpochMs } from './candle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every candle length of the exchange, shortest first. Case matters: `1m` is a minute, `1M` a month. */
export const INTERVALS = [
  '1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M',
] as const; // prettier-ignore

export type Interval = (typeof INTERVALS)[number];

/** Length of an interval in ms; for `1M` the shortest possible one (28 days). Good for ordering and budgets only. */
export const SHORTEST_LENGTH_MS: Readonly<Record<Interval, number>> = {
  '1s': 1000, '1m': MINUTE, '3m': 3 * MINUTE, '5m': 5 * MINUTE, '15m': 15 * MINUTE, '30m': 30 * MINUTE,
  '1h': HOUR, '2h': 2 * HOUR, '4h': 4 * HOUR, '6h': 6 * HOUR, '8h': 8 * HOUR, '12h': 12 * HOUR,
  '1d': DAY, '3d': 3 * DAY, '1w': 7 * DAY, '1M': 28 * DAY,
}; // prettier-ignore

/** The Unix epoch fell on a Thursday; the first Monday after it is the origin of the weekly grid. */
const FIRST_MONDAY = 4 * DAY;

export function isInterval(value: unknown): value is Interval {
  return typeof value === 'string' && Object.hasOwn(SHORTEST_LENGTH_MS, value);
}

/**
 * Open time of the candle that contains `time`, ms UTC.
 *
 * @param anchor - any open time of the series, ms UTC; needed for `3d`, whose grid differs by symbol
 * @throws RangeError for `3d` without an anchor, and for a time that is not a finite number
 */
export function openTimeAt(time: EpochMs, interval: Interval, anchor?: EpochMs): EpochMs {
  if (!Number.isFinite(time)) throw new RangeError(`openTimeAt: time must be a finite number of ms, got ${String(time)}`);
  if (interval === '1M') return monthOf(time, 0);
  const length = SHORTEST_LENGTH_MS[interval];
  const origin = originOf(interval, anchor);
  return origin + Math.floor((time - origin) / length) * length;
}

/** Open time of the candle after the one that opens at `openTime`, ms UTC. */
export function nextOpenTime(openTime: EpochMs, interval: Interval): EpochMs {
  return interval === '1M' ? monthOf(openTime, 1) : openTime + SHORTEST_LENGTH_MS[interval];
}

/** Last millisecond, inclusive, of the candle that opens at `openTime`. */
export function closeTimeOf(openTime: EpochMs, interval: Interval): EpochMs {
  return nextOpenTime(openTime, interval) - 1;
}

function originOf(interval: Interval, anchor: EpochMs | undefined): EpochMs {
  if (interval === '1w') return FIRST_MONDAY;
  if (interval !== '3d') return 0;
  if (anchor === undefined) throw new RangeError('openTimeAt: 3d needs an anchor, any open time of the series');
  return anchor;
}

function monthOf(time: EpochMs, monthsLater: number): EpochMs {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1);
}
