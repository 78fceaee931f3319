import type { Observable, OperatorFunction } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import type { Candle, RunningCandle } from '../../src/core/candle.ts';
import type { CustomInterval, ResampleInterval } from '../../src/core/custom-interval.ts';
import type { Interval } from '../../src/core/interval.ts';
import { resample } from '../../src/operators/resample.ts';

declare const minutes$: Observable<Candle>;
declare const running$: Observable<RunningCandle>;

describe('resample', () => {
  it('makes plain candles of the exchange’s intervals', () => {
    expectTypeOf(minutes$.pipe(resample('5m'))).toEqualTypeOf<Observable<Candle>>();
    expectTypeOf(resample('1M')).toExtend<OperatorFunction<Candle, Candle>>();
  });

  it('says the interval of candles that no exchange has', () => {
    expectTypeOf(minutes$.pipe(resample('7m'))).toEqualTypeOf<Observable<Candle<'7m'>>>();
    expectTypeOf<Candle<'7m'>>().not.toExtend<Candle>();
    expectTypeOf<Candle>().toExtend<Candle<ResampleInterval>>();
  });

  it('takes what it made, and the running candle', () => {
    expectTypeOf(minutes$.pipe(resample('7m'), resample('21m'))).toEqualTypeOf<Observable<Candle<'21m'>>>();
    expectTypeOf(running$.pipe(resample('5m'))).toEqualTypeOf<Observable<Candle>>();
  });

  it('knows an interval by its unit', () => {
    expectTypeOf<'90m'>().toExtend<CustomInterval>();
    expectTypeOf<Interval>().toExtend<ResampleInterval>();
    // @ts-expect-error weeks and months are the exchange's: 1w, 1M
    resample('2w');
    // @ts-expect-error ninety of what?
    resample('90');
    // @ts-expect-error a Date is no anchor
    resample('3d', { anchor: new Date() });
  });
});
