import type { ResampleInterval } from '../../index.ts';
import type { ChartCandle, EmptySlot, Point } from '../wire.ts';
import { slotAfter, slotAt } from './intervals.ts';

/** A longer hole is drawn this wide, in candles: the exchange once paused for months. */
export const WIDEST_HOLE = 300;

export interface Hole {
  /** Open time of the candle before it. */
  readonly after: number;
  /** Open time of the candle behind it. */
  readonly before: number;
  readonly why: EmptySlot['hole'];
}

/** The slots in which no candle opens; of a very long hole the last ones. */
export function emptySlots({ after, before, why }: Hole, interval: ResampleInterval): readonly EmptySlot[] {
  const slots: EmptySlot[] = [];
  for (
    let timestamp = slotAfter(slotAt(after, interval), interval);
    timestamp < before;
    timestamp = slotAfter(timestamp, interval)
  )
    slots.push({ timestamp, hole: why });
  return slots.slice(-WIDEST_HOLE);
}

/**
 * Candles in rising order, with the empty slots between them. What stands before a closed candle and was not delivered the
 * exchange does not have; what stands before a running one may still be on its way.
 *
 * @param after - open time of the candle before the first one, if there is one
 */
export function withEmptySlots(
  candles: readonly ChartCandle[],
  interval: ResampleInterval,
  after?: number,
): readonly Point[] {
  return candles.flatMap((candle, index) => {
    const before = candles[index - 1]?.timestamp ?? after;
    if (before === undefined) return [candle];
    const why = candle.closed ? 'missing' : 'fetching';
    return [...emptySlots({ after: before, before: candle.timestamp, why }, interval), candle];
  });
}
