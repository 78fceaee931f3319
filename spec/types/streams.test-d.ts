import { of, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import type { ResampleInterval } from '../../src/core/custom-interval.ts';
import type { CandleClosed, FeedEvent, Reconnecting } from '../../src/core/events.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import { publishTo } from '../../src/operators/publish-to.ts';
import { resample } from '../../src/operators/resample.ts';
import { retryWithBackoff } from '../../src/operators/retry-with-backoff.ts';

const bus = new EventBus();

describe('the bus', () => {
  it('gives the events of a type with their own fields', () => {
    expectTypeOf(bus.on('CANDLE_CLOSED')).toEqualTypeOf<Observable<CandleClosed>>();
    expectTypeOf(bus.on('RECONNECTING')).toEqualTypeOf<Observable<Reconnecting>>();
    expectTypeOf(bus.events$).toEqualTypeOf<Observable<FeedEvent>>();
  });

  it('knows no other types and takes no half events', () => {
    // @ts-expect-error no such event
    bus.on('CANDLE_OPENED');
    // @ts-expect-error a close without its candle
    bus.publish({ type: 'CANDLE_CLOSED', venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' });
    // @ts-expect-error an event without its venue
    bus.publish({ type: 'SERIES_SILENT', symbol: 'BTCUSDT', interval: '1m', since: 0 });
  });
});

describe('operators', () => {
  it('publishTo leaves the type of its candles as it is', () => {
    const marked$ = of({} as Candle & { readonly note: string });
    expectTypeOf(marked$.pipe(publishTo(bus))).toEqualTypeOf<Observable<Candle & { readonly note: string }>>();
    expectTypeOf(publishTo(bus)).toEqualTypeOf<MonoTypeOperatorFunction<Candle>>();
    // @ts-expect-error numbers are no candles
    of(1).pipe(publishTo(bus));
  });

  it('publishTo takes candles of intervals that no exchange has, to a bus whose listeners know of them', () => {
    const sevens$ = of({} as Candle).pipe(resample('7m'));
    const own = new EventBus<'7m'>();
    expectTypeOf(sevens$.pipe(publishTo(own))).toEqualTypeOf<Observable<Candle<'7m'>>>();
    expectTypeOf(own.on('CANDLE_CLOSED')).toEqualTypeOf<Observable<CandleClosed<'7m'>>>();
    const wide = new EventBus<ResampleInterval>();
    of({} as Candle).pipe(publishTo(wide), resample('7m'), publishTo(wide), resample('21m'), publishTo(wide));
    sevens$.pipe(publishTo({ publish: (event: CandleClosed<string>) => expectTypeOf(event.interval).toBeString() }));
    // @ts-expect-error who listens to a plain bus counts on the exchange's intervals
    sevens$.pipe(publishTo(bus));
  });

  it('retryWithBackoff takes any stream, and only fields of the policy', () => {
    expectTypeOf(of('a').pipe(retryWithBackoff())).toEqualTypeOf<Observable<string>>();
    // @ts-expect-error the field is called maxRetries
    retryWithBackoff({ retries: 3 });
  });
});
