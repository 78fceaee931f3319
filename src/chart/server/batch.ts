import type { ResampleInterval } from '../../index.ts';
import type { ChartCandle, Point } from '../wire.ts';
import { withEmptySlots } from './empty-slots.ts';
import { slotAfter } from './intervals.ts';
import type { LiveCandle } from './lengthen.ts';

/** What one page has been sent of a series. */
export interface Sent {
  /** Open time of the last closed candle that the page has; undefined: none. */
  readonly mark: number | undefined;
  /** Whether anything was sent since the page came. */
  readonly hasBegun: boolean;
  /** What is to be sent now. */
  readonly restart: boolean;
  readonly points: readonly Point[];
}

/** @param mark - open time of the last closed candle that the page says it has */
export function nothingSent(mark: number | undefined): Sent {
  return { mark, hasBegun: false, restart: false, points: [] };
}

/**
 * What a page gets of some updates: closed candles that it does not have, and of the running one the newest.
 * Where the first candle that is at hand lies behind a hole, the page begins anew.
 */
export function nextBatch(sent: Sent, updates: readonly LiveCandle[], interval: ResampleInterval): Sent {
  const restart = !sent.hasBegun && !continues(sent.mark, updates[0], interval);
  const before = restart ? undefined : sent.mark;
  const closed = updates.filter((candle) => candle.closed && isAfter(candle, before));
  const mark = closed.at(-1)?.timestamp ?? before;
  const running = updates.findLast((candle) => !candle.closed && isAfter(candle, mark));
  const candles = [...closed, ...(running === undefined ? [] : [running])].map(toChartCandle);
  return { mark, hasBegun: true, restart, points: withEmptySlots(candles, interval, before) };
}

function isAfter({ timestamp }: LiveCandle, mark: number | undefined): boolean {
  return mark === undefined || timestamp > mark;
}

function continues(mark: number | undefined, first: LiveCandle | undefined, interval: ResampleInterval): boolean {
  return mark !== undefined && first !== undefined && first.timestamp <= slotAfter(mark, interval);
}

export function toChartCandle(candle: LiveCandle): ChartCandle {
  const { timestamp, closeTime, open, high, low, close, volume, source, closed } = candle;
  return { timestamp, closeTime, open, high, low, close, volume, source, closed };
}
