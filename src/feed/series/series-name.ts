import type { Interval } from '../../core/interval.ts';

/** Identifies a series within its feed. */
export interface SeriesName {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Key of a series in maps. */
export const keyOf = ({ symbol, interval }: SeriesName): string => `${symbol}@${interval}`;
