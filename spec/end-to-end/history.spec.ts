import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { resample, type Candle } from 'rx-candles';
import { expectWhole, midSecond, PATIENT, rig, until } from './rig.ts';

const SPOT = 'binance-spot';
const BTC = { venue: SPOT, symbol: 'BTCUSDT', interval: '1s' } as const;
const MINUTE = 60_000;
/** Long enough before it to be there when noon comes, also on a busy machine. */
const LEAD_MS = 12_000;
const BEFORE_NOON = Date.UTC(2026, 10, 22, 12) - LEAD_MS;

describe.concurrent('history', () => {
  it.each([
    ['binance-usdm', 'BTCUSDT', 1500],
    ['binance-coinm', 'BTCUSD_PERP', 1000],
    [SPOT, 'BTCUSDT', 1000],
  ] as const)('of %s comes in pages and goes on live without a seam', async (venue, symbol, maxRows) => {
    await using r = await rig({ venue, exchange: { startAt: BEFORE_NOON }, feed: PATIENT });
    const heard = r.listen(symbol, '1m', { history: 1700 });
    await heard.count(1701);
    expectWhole(heard.candles, r.exchange, { venue, symbol, interval: '1m' });
    const noon = BEFORE_NOON + LEAD_MS;
    expect(heard.candles[0]?.timestamp).toBe(noon - 1701 * MINUTE);
    expect(heard.candles.slice(0, 1700).every(({ source }) => source === 'history')).toBe(true);
    expect(heard.candles[1700]).toMatchObject({ timestamp: noon - MINUTE, source: 'stream' });
    const { klines, limitBreaks } = r.exchange.stats;
    expect(klines.length).toBeGreaterThan(1);
    expect(klines.every(({ limit }) => limit <= maxRows)).toBe(true);
    expect(limitBreaks).toEqual([]);
  });

  it('is stitched to candles that close while a slow REST answers', async () => {
    await using r = await rig();
    r.exchange.faults.rest.slow(1000);
    const heard = r.listen('BTCUSDT', '1s', { history: 1500 });
    await heard.count(1506);
    await heard.fromStream();
    expectWhole(heard.candles, r.exchange, BTC);
    expect(heard.candles.findLastIndex(({ source }) => source === 'history')).toBe(1499);
  });

  it('is stitched too when connection and REST fail on the way', async () => {
    await using r = await rig();
    const { rest, stream } = r.exchange.faults;
    rest.fail(503, { next: 3 });
    rest.cut({ next: 1, match: ({ kind }) => kind === 'klines' });
    rest.badBody('unordered', { next: 1, match: ({ kind }) => kind === 'klines' });
    stream.refuse(503, { next: 2 });
    const heard = r.listen('BTCUSDT', '1s', { history: 1200 });
    await until(() => heard.candles.length > 0, 'history');
    stream.drop();
    await heard.count(1204);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('of a young symbol is all there is', async () => {
    const listed = BEFORE_NOON - (BEFORE_NOON % MINUTE) - 10 * MINUTE;
    const symbols = { [SPOT]: [{ symbol: 'NEWUSDT', listed }] };
    await using r = await rig({ exchange: { startAt: BEFORE_NOON, symbols } });
    const heard = r.listen('NEWUSDT', '1m', { history: 100 });
    await heard.count(11);
    expectWhole(heard.candles, r.exchange, { venue: SPOT, symbol: 'NEWUSDT', interval: '1m' });
    expect(heard.candles[0]?.timestamp).toBe(listed);
    expect(r.of('CANDLE_MISSING')).toEqual([]);
  });

  it('counts the candles the exchange has, and tells what it lacks', async () => {
    const hole = { venue: SPOT, symbol: 'BTCUSDT', interval: '1m' } as const;
    const [from, before] = [BEFORE_NOON + LEAD_MS - 300 * MINUTE, BEFORE_NOON + LEAD_MS - 280 * MINUTE];
    await using r = await rig({ exchange: { startAt: BEFORE_NOON } });
    r.exchange.faults.market.hole({ ...hole, from, before });
    const heard = r.listen('BTCUSDT', '1m', { history: 400 });
    await heard.count(401);
    expectWhole(heard.candles, r.exchange, hole);
    expect(heard.candles.filter(({ source }) => source === 'history').length).toBe(400);
    expect(r.of('CANDLE_MISSING')).toEqual([
      {
        type: 'CANDLE_MISSING',
        symbol: 'BTCUSDT',
        interval: '1m',
        from,
        to: before - MINUTE,
        reason: 'absent',
        venue: 'binance-spot',
      },
    ]);
  });

  it('of 0 is none', async () => {
    await using r = await rig();
    await midSecond(r.exchange);
    const running = r.exchange.openTimeNow(BTC);
    const heard = r.listen('BTCUSDT', '1s', { history: 0 });
    await heard.count(2);
    expect(heard.candles[0]?.timestamp).toBe(running);
    expect(heard.candles.every(({ source }) => source !== 'history')).toBe(true);
  });

  it('becomes whole longer candles, from the first possible bucket on', async () => {
    await using r = await rig({ venue: 'binance-usdm', exchange: { startAt: BEFORE_NOON } });
    const buckets$ = r.feed
      .closedCandles$('BTCUSDT', '1m', { history: 600 })
      .pipe(resample('5m'), take(120), toArray());
    const buckets: readonly Candle[] = await lastValueFrom(buckets$);
    expectWhole(buckets, r.exchange, { symbol: 'BTCUSDT', interval: '5m' });
    // 600 minutes back from 11:59 is 01:59: the first whole bucket opens at 02:00, the last closes at 12:00.
    expect(buckets[0]?.timestamp).toBe(Date.UTC(2026, 10, 22, 2, 0));
    expect(buckets.at(-1)?.timestamp).toBe(Date.UTC(2026, 10, 22, 11, 55));
  });
});

describe.concurrent('since', () => {
  it('goes on after a pause as if there had been none', async () => {
    await using r = await rig();
    const first = r.listen('BTCUSDT', '1s');
    await first.count(2);
    first.stop();
    r.exchange.clock.jump(2000 * 1000);
    const since = first.candles.at(-1)?.timestamp ?? 0;
    const second = r.listen('BTCUSDT', '1s', { since });
    await second.count(2005);
    const all = [...first.candles, ...second.candles];
    expectWhole(all, r.exchange, BTC);
    expect(second.candles[0]?.timestamp).toBe(since + 1000);
  });

  it('in the future begins then', async () => {
    await using r = await rig();
    await midSecond(r.exchange);
    const since = r.exchange.openTimeNow(BTC) + 2000;
    const heard = r.listen('BTCUSDT', '1s', { since: new Date(since) });
    await heard.count(2);
    expect(heard.candles.slice(0, 2).map(({ timestamp }) => timestamp)).toEqual([since + 1000, since + 2000]);
  });

  it('between two candles begins with the next one', async () => {
    await using r = await rig({ venue: 'binance-usdm', exchange: { startAt: BEFORE_NOON } });
    const since = Date.UTC(2026, 10, 22, 11, 50, 30);
    const heard = r.listen('BTCUSDT', '1m', { since });
    await heard.count(9);
    expect(heard.candles[0]?.timestamp).toBe(Date.UTC(2026, 10, 22, 11, 51));
    expectWhole(heard.candles, r.exchange, { symbol: 'BTCUSDT', interval: '1m' });
  });

  it('of the candle that is running gives it, once', async () => {
    await using r = await rig();
    await midSecond(r.exchange);
    const running = r.exchange.openTimeNow(BTC);
    const heard = r.listen('BTCUSDT', '1s', { since: running - 1000 });
    await heard.count(3);
    expect(heard.candles[0]?.timestamp).toBe(running);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('before the first candle there is begins with that', async () => {
    const listed = BEFORE_NOON - (BEFORE_NOON % MINUTE) - 10 * MINUTE;
    const symbols = { 'binance-coinm': [{ symbol: 'NEWUSD_PERP', listed }] };
    await using r = await rig({ venue: 'binance-coinm', exchange: { startAt: BEFORE_NOON, symbols } });
    const heard = r.listen('NEWUSD_PERP', '1m', { since: 0 });
    await heard.count(11);
    expect(heard.candles[0]?.timestamp).toBe(listed);
    expectWhole(heard.candles, r.exchange, { venue: 'binance-coinm', symbol: 'NEWUSD_PERP', interval: '1m' });
  });
});
