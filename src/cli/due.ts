import { nextOpenTime, openTimeAt, type Interval } from '../index.ts';

/** One series that is asked for. */
export interface Wanted {
  /** As the user wrote it. */
  readonly symbol: string;
  readonly interval: Interval;
}

/** When the running candle closes, ms UTC. Infinity for `3d`: only the exchange knows where a candle of three days begins. */
export function dueAt({ interval }: Wanted, now: number): number {
  return interval === '3d' ? Infinity : nextOpenTime(openTimeAt(now, interval), interval);
}
