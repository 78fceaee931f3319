import { closeTimeOf, nextOpenTime, openTimeAt, type Candle, type EpochMs, type Interval } from '../../index.ts';

/** Candles that the exchange does not have: first and last open time, ms UTC, both inclusive. */
export interface Hole {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** A key for the series of a candle or a hole, of one venue. */
export function seriesOf({ symbol, interval }: Pick<Hole, 'symbol' | 'interval'>): string {
  return `${symbol} ${interval}`;
}

/** The hole between two candles that follow each other in a file; undefined where no whole slot of the grid lies between. */
export function holeBetween(before: Candle, after: Candle): Hole | undefined {
  const { symbol, interval, timestamp } = before;
  const from = nextOpenTime(openTimeAt(timestamp, interval, timestamp), interval);
  const behind = openTimeAt(after.timestamp, interval, timestamp);
  return from < behind ? { symbol, interval, from, to: openTimeAt(behind - 1, interval, timestamp) } : undefined;
}

/** How many candles are missing. */
export function countOf({ from, to, interval }: Hole): number {
  if (interval !== '1M') return Math.round((to - from) / (closeTimeOf(from, interval) + 1 - from)) + 1;
  let count = 1;
  for (let time = from; time < to; time = nextOpenTime(time, interval)) count += 1;
  return count;
}
