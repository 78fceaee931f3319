import type { ResampleInterval } from './custom-interval.ts';
import type { EpochMs } from './epoch.ts';
import { ResampleError } from './errors.ts';
import { isInterval, SHORTEST_LENGTH_MS } from './interval.ts';
import { exchangeGrid, type Grid } from './resample-grid.ts';

const DAY = SHORTEST_LENGTH_MS['1d'];

const SAME_LENGTH = 'it has the same length, and only longer candles can be made';

const SHORTER = 'it is shorter';

const UNEVEN = 'it is no whole multiple';

const UNEVEN_DAY = 'a day of the time zone is no whole multiple of them';

const OTHER_MOMENTS =
  'its candles open between those of the source; pass as options.anchor a time at which both are to open';

const OTHER_MOMENTS_IN_ZONE =
  'a day of the time zone begins between two of them, now or after the clock changes; use shorter ones';

/**
 * Length of the source's candles, ms, once it is sure that every candle of the target is a whole number of them: in a time
 * zone as far as its offsets of the coming year tell.
 *
 * @param first - any candle of the source; where the interval alone does not say the grid (`3d`, `7m`), it does
 * @throws ResampleError that names both intervals and says what is wrong
 */
export function partLengthOf(first: { interval: ResampleInterval; timestamp: EpochMs }, target: Grid): number {
  const known = exchangeGrid(first.interval);
  const seen = { ...known, origin: first.timestamp };
  // A row off the exchange's grid may be one of an outage, or the first of a grid that was moved by an anchor.
  const grids = isInterval(first.interval) && first.interval !== '3d' ? [known, seen] : [seen];
  const [trouble = null, ...others] = grids.map(
    (source) => troubleOfLengths(source, target) ?? troubleOfMoments(source, target, first.timestamp),
  );
  if (known.lengthMs !== null && [trouble, ...others].includes(null)) return known.lengthMs;
  throw new ResampleError(`cannot make ${target.interval} out of ${first.interval} candles: ${String(trouble)}`);
}

function troubleOfLengths(source: Grid, target: Grid): string | null {
  if (source.lengthMs === null) return target.lengthMs === null ? SAME_LENGTH : 'months differ in length';
  if (source.lengthMs === target.lengthMs) return SAME_LENGTH;
  // Months are whole days.
  if ((target.lengthMs ?? DAY) % source.lengthMs === 0) return null;
  return target.lengthMs !== null && target.lengthMs < source.lengthMs ? SHORTER : UNEVEN;
}

function troubleOfMoments(source: Grid, { origin, days }: Grid, time: EpochMs): string | null {
  const partMs = source.lengthMs ?? DAY;
  if (days === null) return (origin - source.origin) % partMs === 0 ? null : OTHER_MOMENTS;
  if (DAY % partMs !== 0) return UNEVEN_DAY;
  const areShared = days.startsInYearAfter(time).every((start) => (start - source.origin) % partMs === 0);
  return areShared ? null : OTHER_MOMENTS_IN_ZONE;
}
