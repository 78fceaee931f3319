import type { EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';

/** How far the server's clock may be ahead of, or behind, the exchange's, ms. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * From which time of storing on everything with an open time after `since` is found: a candle is stored after it has closed.
 * So no index by open time is needed; a few come that are not asked for.
 *
 * @param interval - of all series that are read; undefined if they differ
 */
export function startTime(since: EpochMs, interval: Interval | undefined): EpochMs {
  const length = interval === undefined ? 0 : SHORTEST_LENGTH_MS[interval];
  return Math.max(0, since + length - CLOCK_MARGIN_MS);
}
