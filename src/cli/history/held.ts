import type { Candle } from '../../index.ts';
import type { HeldSeries } from './candle-file.ts';
import { holeBetween, type Hole } from './holes.ts';

interface Counted extends HeldSeries {
  last: Candle;
  candles: number;
  readonly holes: Hole[];
}

/** Sums up the candles of a file as they are read. */
export class Held {
  readonly series: Counted[] = [];

  /** @returns false for a candle that cannot follow the one before */
  take(candle: Candle): boolean {
    const current = this.series.at(-1);
    if (current === undefined || !isSameSeries(current.last, candle)) {
      this.series.push({ first: candle, last: candle, candles: 1, holes: [] });
      return true;
    }
    if (candle.timestamp <= current.last.timestamp) return false;
    const hole = holeBetween(current.last, candle);
    if (hole !== undefined) current.holes.push(hole);
    current.last = candle;
    current.candles += 1;
    return true;
  }
}

export function isSameSeries(one: Candle, other: Candle): boolean {
  return one.venue === other.venue && one.symbol === other.symbol && one.interval === other.interval;
}
