import { defer, filter, map, tap, type OperatorFunction } from 'rxjs';
import type { Candle } from '../core/candle.ts';
import { targetGrid, type ResampleInterval } from '../core/custom-interval.ts';
import type { Interval } from '../core/interval.ts';
import { checkResampleOptions, type ResampleOptions } from '../core/resample-options.ts';
import {
  endResample,
  stepResample,
  type AnyCandle,
  type IncompleteBucket,
  type ResampleState,
} from '../core/resample.ts';

/**
 * Makes longer candles out of shorter ones, equal to the exchange's own. Whole buckets only.
 *
 * ```text
 * source (1m)   -0-1-2-3-4-5-6-7-8-9-|
 * resample(5m)  ---------a---------b-|
 * ```
 *
 * A candle without trades (volume 0) takes no part in open, high and low unless its whole bucket has none. Figures add
 * up as the decimals they stand for. A candle that is not newer than the last, or is still running, is left out.
 *
 * Emits:     each whole bucket at once with its last candle, in order; `source` is `backfill` if any part was, or else
 *            `history` if any part was.
 * Errors:    with the source's error, and with `ResampleError` when the interval is none, when the source does not
 *            divide it, when `3d` has no anchor, for options that cannot be used, for a second series in the input, and
 *            for a candle after the year 2100, whose times are no ms.
 * Completes: with the source; the bucket that was being filled is not emitted.
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
      const { anchor, onIncomplete } = checkResampleOptions(options);
      const target = targetGrid(interval, anchor);
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
