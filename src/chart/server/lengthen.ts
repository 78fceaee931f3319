import { connect, filter, map, merge, scan, type MonoTypeOperatorFunction } from 'rxjs';
import { resample, type Candle, type ResampleInterval } from '../../index.ts';
import { slotAfter, slotAt } from './intervals.ts';

/** An update of the running candle, or its close, of any interval. */
export type LiveCandle = Candle<ResampleInterval> & { readonly closed: boolean };

/** The longer candle in the making. */
export interface Making {
  readonly timestamp: number;
  /** Its closed parts joined; undefined before the first has closed. */
  readonly joined: LiveCandle | undefined;
  /** With the running part; undefined where a part is missing. */
  readonly shown: LiveCandle | undefined;
}

/**
 * Longer candles with updates of the running one: closed ones are those of `resample`.
 *
 * ```text
 * 1m      1-1-1|---2-2|-2---3-3|-
 * 3m      a-a-a----a-a--a---a-A--
 * ```
 */
export function lengthen(interval: ResampleInterval): MonoTypeOperatorFunction<LiveCandle> {
  return connect((parts$) =>
    merge(
      parts$.pipe(
        filter(({ closed }) => closed),
        resample(interval),
        map((candle) => ({ ...candle, closed: true })),
      ),
      parts$.pipe(
        scan((making: Making | undefined, part) => withPart(making, part, interval), undefined),
        map((making) => making?.shown),
        filter((shown) => shown !== undefined),
      ),
    ),
  );
}

/** What a part changes. A candle whose first or any later part is missing is not shown: it will not be whole. */
export function withPart(making: Making | undefined, part: LiveCandle, interval: ResampleInterval): Making {
  const timestamp = slotAt(part.timestamp, interval);
  const same = making?.timestamp === timestamp ? making : undefined;
  if (!fits(same, part, timestamp)) return { timestamp, joined: undefined, shown: undefined };
  const joined = { ...join(same?.joined, part), timestamp, interval, closed: false };
  const shown = { ...joined, closeTime: slotAfter(timestamp, interval) - 1 };
  return { timestamp, joined: part.closed ? joined : same?.joined, shown };
}

/** Whether a part is the next of a candle that has all of its parts so far. */
function fits(making: Making | undefined, part: LiveCandle, timestamp: number): boolean {
  if (making === undefined) return part.timestamp === timestamp;
  const next = making.joined === undefined ? timestamp : making.joined.closeTime + 1;
  return making.shown !== undefined && part.timestamp === next;
}

/** A candle without trades has no say in the prices, as in `resample`. */
function join(joined: LiveCandle | undefined, part: LiveCandle): LiveCandle {
  if (joined === undefined) return part;
  if (part.volume === 0) return { ...joined, closeTime: part.closeTime };
  const { open, high, low } = joined.volume === 0 ? part : joined;
  return {
    ...part,
    open,
    high: Math.max(high, part.high),
    low: Math.min(low, part.low),
    volume: joined.volume + part.volume,
  };
}
