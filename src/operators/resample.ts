import { defer, filter, map, tap, type OperatorFunction } from 'rxjs';
import type { AnyCandle } from '../core/bucket.ts';
import type { Candle } from '../core/candle.ts';
import type { ResampleInterval } from '../core/custom-interval.ts';
import type { Interval } from '../core/interval.ts';
import { targetGrid } from '../core/resample-grid.ts';
import { checkResampleOptions, type ResampleOptions } from '../core/resample-options.ts';
import { endResample, stepResample, type IncompleteBucket, type ResampleState } from '../core/resample.ts';

/**
 * Aggregates candles into longer ones, identical to the exchange's own. Complete buckets only.
 *
 * ```text
 * source (1m)   -0-1-2-3-4-5-6-7-8-9-|
 * resample(5m)  ---------a---------b-|
 * ```
 *
 * A candle without trades (volume 0) does not count towards open, high and low unless its whole bucket has none. Values
 * are added in decimal. A candle that is not newer than the last, or is still running, is ignored. With `timeZone` or
 * `startOfDay`, days, weeks and months begin by that zone's clock, and shorter candles are counted from the start of each
 * day.
 *
 * Emits:     each complete bucket with its last candle, in order; `source` is `backfill` if any part was, otherwise
 *            `history` if any part was.
 * Errors:    with the source's error, and with `ResampleError` if the interval is invalid, if the source does not
 *            divide it, if `3d` has no anchor, for invalid options, at an offset of `timeZone` that the source does not divide, for a second series in the input, and
 *            for a candle after the year 2100, whose times are not ms.
 * Completes: with the source; the unfinished bucket is not emitted.
 * Time:      none of its own.
 *
 * @param interval - one of the exchange's, or any whole number of seconds, minutes, hours or days: `7m`, `90m`, `2d`
 */
export function resample(
  interval: Interval,
  options?: ResampleOptions,
): OperatorFunction<Candle<ResampleInterval>, Candle>;
export function resample<I extends ResampleInterval>(
  interval: I,
  options?: ResampleOptions,
): OperatorFunction<Candle<ResampleInterval>, Candle<I>>;
export function resample(
  interval: ResampleInterval,
  options: ResampleOptions = {},
): OperatorFunction<AnyCandle, AnyCandle> {
  return (source$) =>
    defer(() => {
      const { onIncomplete } = checkResampleOptions(options);
      const target = targetGrid(interval, options);
      let state: ResampleState | null = null;
      const report = (buckets: readonly IncompleteBucket[]) => buckets.forEach((bucket) => onIncomplete?.(bucket));
      return source$.pipe(
        tap({ complete: () => report(endResample(state)) }),
        map((candle) => {
          const step = stepResample(target, state, candle);
          state = step.state;
          report(step.incomplete);
          return step.whole;
        }),
        filter((whole) => whole !== null),
      );
    });
}
