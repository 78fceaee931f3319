import { describe, expectTypeOf, it } from 'vitest';
import type { Candle } from '../../src/core/candle.ts';
import type { FeedErrorCode } from '../../src/core/errors.ts';
import { EventType, type CandleClosed, type EventOf, type FeedEvent } from '../../src/core/events.ts';
import { isInterval, nextOpenTime, openTimeAt, type Interval } from '../../src/core/interval.ts';

const candle = {} as Candle;

describe('a candle', () => {
  it('cannot be changed', () => {
    // @ts-expect-error a candle is readonly
    candle.close = 1;
  });

  it('has times a user can compute with', () => {
    expectTypeOf(candle.closeTime + 1).toEqualTypeOf<number>();
  });

  it('says null, not zero, for what the venue does not tell', () => {
    expectTypeOf(candle.trades).toEqualTypeOf<number | null>();
    expectTypeOf(candle.takerBuyQuoteVolume).toEqualTypeOf<number | null>();
    expectTypeOf(candle.volume).toEqualTypeOf<number>();
  });
});

describe('an interval', () => {
  it('is one of the exchange’s own', () => {
    expectTypeOf<'1M'>().toExtend<Interval>();
    // @ts-expect-error no exchange has seven minutes
    nextOpenTime(0, '7m');
    // @ts-expect-error a string must be checked first
    openTimeAt(0, ['1m'].join());
  });

  it('is what isInterval makes of any value', () => {
    const word: unknown = '5m';
    if (isInterval(word)) expectTypeOf(word).toEqualTypeOf<Interval>();
  });
});

describe('an event', () => {
  it('is named by its constant', () => {
    expectTypeOf(EventType.CANDLE_CLOSED).toEqualTypeOf<'CANDLE_CLOSED'>();
    expectTypeOf<FeedEvent['type']>().toEqualTypeOf<EventType>();
  });

  it('has the fields of its type', () => {
    expectTypeOf<EventOf<'CANDLE_CLOSED'>>().toEqualTypeOf<CandleClosed>();
    // @ts-expect-error a missing candle is no candle
    expectTypeOf<EventOf<'CANDLE_MISSING'>>().toHaveProperty('candle');
  });
});

describe('an error code', () => {
  it('starts with FEED_', () => {
    expectTypeOf<FeedErrorCode>().toExtend<`FEED_${string}`>();
  });
});
