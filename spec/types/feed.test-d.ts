import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import type { Candle, Feed, RunningCandle, SymbolInfo } from '../../src/index.ts';

const feed = {} as Feed;

describe('a feed', () => {
  it('gives closed and running candles of the same beginnings', () => {
    const from = { history: 5, since: new Date() };
    expectTypeOf(feed.closedCandles$('BTCUSDT', '1m', from)).toEqualTypeOf<Observable<Candle>>();
    expectTypeOf(feed.candles$('BTCUSDT', '1m', from)).toEqualTypeOf<Observable<RunningCandle>>();
    expectTypeOf(feed.candles$('BTCUSDT', '1m', { since: undefined })).toEqualTypeOf<Observable<RunningCandle>>();
    // @ts-expect-error a time as text
    feed.candles$('BTCUSDT', '1m', { since: '2026-01-01' });
  });

  it('reads a span of the past, which has both ends', () => {
    expectTypeOf(feed.history$('BTCUSDT', '1m', { from: 0, to: new Date() })).toEqualTypeOf<Observable<Candle>>();
    // @ts-expect-error a span without its end
    feed.history$('BTCUSDT', '1m', { from: 0 });
  });

  it('says what is listed, null where the exchange does not', () => {
    expectTypeOf(feed.symbols()).toEqualTypeOf<Promise<readonly SymbolInfo[]>>();
    expectTypeOf<SymbolInfo['listingTime']>().toEqualTypeOf<number | null>();
    expectTypeOf<SymbolInfo['priceStep']>().toEqualTypeOf<number | null>();
    expectTypeOf<SymbolInfo['phase']>().toEqualTypeOf<'trading' | 'paused' | 'paused or ended' | 'ended'>();
  });
});
