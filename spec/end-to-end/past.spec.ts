import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FeedClosedError, UnknownSymbolError, createFeed, type Candle, type SymbolInfo } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';
import { expectWhole, rig, until } from './rig.ts';

const SPOT = 'binance-spot';
const USDM = 'binance-usdm';
const COINM = 'binance-coinm';
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 22, 12);

describe.concurrent('a span of the past', () => {
  it.each([
    [USDM, 'BTCUSDT'],
    [COINM, 'BTCUSD_PERP'],
    [SPOT, 'BTCUSDT'],
  ] as const)('of %s comes in pages over REST alone, and completes', async (venue, symbol) => {
    // No answer is late enough to be told of, however busy the machine.
    await using r = await rig({ venue, exchange: { startAt: NOON + 20_000 }, feed: { restTimeoutMs: 60_000 } });
    const span = { from: NOON - 2500 * MINUTE, to: new Date(NOON - 10 * MINUTE) };
    const candles = await lastValueFrom(r.feed.history$(symbol, '1m', span).pipe(toArray()));
    expect(candles.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 2490 }, (_, index) => NOON - (2500 - index) * MINUTE),
    );
    expect(candles.every(({ source }) => source === 'history')).toBe(true);
    expectWhole(candles, r.exchange, { venue, symbol, interval: '1m' });
    expect(r.exchange.stats).toMatchObject({ attempts: 0, limitBreaks: [] });
    expect(r.events).toEqual([]);
  });

  it('ends with the last candle that has closed, and tells the holes on the way', async () => {
    await using r = await rig({ exchange: { startAt: NOON + 20_000 } });
    const hole = { venue: SPOT, symbol: 'BTCUSDT', interval: '1m' } as const;
    const [from, before] = [NOON - 300 * MINUTE, NOON - 280 * MINUTE];
    r.exchange.faults.market.hole({ ...hole, from, before });
    const span = { from: NOON - 400 * MINUTE, to: NOON + 400 * MINUTE };
    const candles = await lastValueFrom(r.feed.history$('BTCUSDT', '1m', span).pipe(toArray()));
    expect(candles).toHaveLength(400 - 20);
    expectWhole(candles, r.exchange, hole);
    expect(r.of('CANDLE_MISSING')).toMatchObject([{ symbol: 'BTCUSDT', from, to: before - MINUTE }]);
  });

  it('comes whole although REST fails on the way', async () => {
    await using r = await rig({ exchange: { startAt: NOON + 20_000 } });
    const { rest } = r.exchange.faults;
    rest.fail(503, { next: 2 });
    rest.cut({ next: 1, match: ({ kind }) => kind === 'klines' });
    rest.badBody('html', { next: 1, match: ({ kind }) => kind === 'klines' });
    const span = { from: NOON - 1200 * MINUTE, to: NOON };
    const candles = await lastValueFrom(r.feed.history$('BTCUSDT', '1m', span).pipe(toArray()));
    expect(candles).toHaveLength(1200);
    expectWhole(candles, r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1m' });
  });

  it('of a symbol that is not listed is an error', async () => {
    await using r = await rig();
    const past$ = r.feed.history$('NOSUCHUSDT', '1m', { from: NOON - MINUTE, to: NOON });
    await expect(lastValueFrom(past$)).rejects.toBeInstanceOf(UnknownSymbolError);
  });
});

describe.concurrent('a program that comes back', () => {
  it('is given what warms it up, what it missed and what closes, each called by its name', async () => {
    await using r = await rig();
    const handled = r.exchange.openTimeNow({ venue: SPOT, symbol: 'BTCUSDT', interval: '1s' }) - 40_000;
    const options = { history: 20, since: handled };
    const candles: readonly Candle[] = await lastValueFrom(
      r.feed.closedCandles$('BTCUSDT', '1s', options).pipe(take(20 + 39 + 3), toArray()),
    );
    expectWhole(candles, r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1s' });
    expect(candles[0]?.timestamp).toBe(handled - 19_000);
    expect(candles.filter(({ source }) => source === 'history').at(-1)?.timestamp).toBe(handled);
    expect(candles.slice(20, 20 + 39).every(({ source }) => source === 'backfill')).toBe(true);
  });
});

describe.concurrent('a chart', () => {
  it('is drawn without an older bar, though closes are lost and connections cut', async () => {
    await using r = await rig({ exchange: { updatesPerSecond: 20 }, feed: { graceMs: 600 } });
    const updates: (Candle & { readonly closed: boolean })[] = [];
    const subscription = r.feed.candles$('BTCUSDT', '1s', { history: 30 }).subscribe((update) => {
      updates.push(update);
    });
    const closes = (): readonly Candle[] =>
      updates.filter(({ closed }) => closed).map(({ closed: _, ...candle }) => candle);
    for (const count of [34, 40]) {
      await until(() => closes().length >= count, `${count} closes`);
      r.exchange.faults.stream.loseCloses({ next: 2 });
      await until(() => r.of('GAP_OPENED').length > 0 || closes().length >= count + 3, 'what was lost to be missed');
      r.exchange.faults.stream.drop();
    }
    const moves = () => updates.filter(({ closed }) => !closed).length;
    await until(() => closes().length >= 46 && moves() > 20, '46 closes and updates between them');
    subscription.unsubscribe();
    expectWhole(closes(), r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1s' });
    const older = updates.filter((update, index) => {
      const before = updates[index - 1];
      return before !== undefined && update.timestamp < before.timestamp + (before.closed ? 1 : 0);
    });
    expect(older).toEqual([]);
  });
});

describe.concurrent('the symbols of a market', () => {
  const listed = Date.UTC(2026, 0, 2);
  const symbols = {
    [USDM]: [
      { symbol: 'BTCUSDT', listed, price: 80_000 },
      { symbol: '币安人生USDT', status: 'SETTLING' },
    ],
    [COINM]: [
      { symbol: 'BTCUSD_261225', contractType: 'CURRENT_QUARTER', deliveryDate: Date.UTC(2026, 11, 25, 8), listed },
    ],
    [SPOT]: ['BTCUSDT', { symbol: 'ETHBTC', status: 'BREAK' }],
  };

  it.each<[keyof typeof symbols, readonly Partial<SymbolInfo>[]]>([
    [
      USDM,
      [
        {
          symbol: 'BTCUSDT', status: 'TRADING', phase: 'trading', base: 'BTC', quote: 'USDT', listingTime: listed,
          deliveryTime: null, priceStep: 0.01, quantityStep: 0.00001,
        },
        { symbol: '币安人生USDT', status: 'SETTLING', phase: 'ended', base: '币安人生' },
      ],
    ],
    [COINM, [{ symbol: 'BTCUSD_261225', base: 'BTC', quote: 'USD', listingTime: listed, deliveryTime: Date.UTC(2026, 11, 25, 8), quantityStep: 1 }]],
    [
      SPOT,
      [
        { symbol: 'BTCUSDT', status: 'TRADING', listingTime: null, deliveryTime: null },
        { symbol: 'ETHBTC', status: 'BREAK', phase: 'paused or ended', base: 'ETH', quote: 'BTC' },
      ],
    ],
  ])('%s are told as the exchange lists them', async (venue, expected) => {
    await using exchange = await startFakeExchange({ symbols });
    await using feed = createFeed({ venue, endpoints: exchange.endpoints(venue), logLevel: 'silent' });
    expect(await feed.symbols()).toMatchObject(expected);
    expect(exchange.stats).toMatchObject({ attempts: 0, connections: 0 });
  }); // prettier-ignore

  it('are refused by a feed that is closed', async () => {
    await using r = await rig();
    await r.feed.close();
    await expect(r.feed.symbols()).rejects.toBeInstanceOf(FeedClosedError);
    await expect(lastValueFrom(r.feed.history$('BTCUSDT', '1m', { from: 0, to: NOON }))).rejects.toBeInstanceOf(
      FeedClosedError,
    );
  });
});
