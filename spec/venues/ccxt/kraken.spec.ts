import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ccxt from 'ccxt';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { createFeed, type Candle, type FeedEvent, type FeedOptions } from 'rx-candles';
import { PROXY_ADDRESS, startHttpProxy } from '../../support/proxies.ts';
import { until, within } from '../../support/until.ts';
import { KrakenServer, type KrakenOptions } from './kraken-server.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 20, 12);

async function open(options: Partial<KrakenOptions> = {}, feedOptions: FeedOptions = {}) {
  const server = await KrakenServer.start({ startAt: NOON - 2000, ...options });
  const feed = createFeed({
    venue: 'ccxt:kraken',
    endpoints: server.endpoints,
    logLevel: 'silent',
    settleMs: 500,
    ...feedOptions,
  });
  const events: FeedEvent[] = [];
  feed.bus.events$.subscribe((event) => events.push(event));
  const close = async () => {
    await feed.close();
    await server[Symbol.asyncDispose]();
  };
  return { server, feed, events, [Symbol.asyncDispose]: close };
}

/** A request a second is what the real one allows; this one is not so strict. */
const { kraken } = ccxt.pro;
beforeAll(() => {
  ccxt.pro.kraken = class extends kraken {
    override describe() {
      return { ...(super.describe() as object), rateLimit: 20 };
    }
  };
});
afterAll(() => {
  ccxt.pro.kraken = kraken;
});

const openTimes = (candles: readonly Candle[]) => candles.map(({ timestamp }) => (timestamp - NOON) / MINUTE);

describe.concurrent('an exchange that calls no candle closed', () => {
  it('gives each close once, when its row has settled and stays what it is', async () => {
    await using rig = await open();
    const candles$ = rig.feed.closedCandles$('BTC/USD', '1m', { history: 2 });
    // Half a second to settle, half a second of doubt about a clock that shows seconds, a second between two reads.
    const candles = await within(10_000, lastValueFrom(candles$.pipe(take(3), toArray())), 'the close');
    expect(openTimes(candles)).toEqual([-3, -2, -1]);
    expect(candles.map(({ source }) => source)).toEqual(['history', 'history', 'backfill']);
    expect(candles[2]).toEqual({
      venue: 'ccxt:kraken', symbol: 'BTC/USD', interval: '1m', timestamp: NOON - MINUTE, closeTime: NOON - 1,
      open: 100, high: 200, low: 50, close: 149, volume: 2,
      quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null, source: 'backfill',
    }); // prettier-ignore
    expect(rig.events.map(({ type }) => type)).not.toContain('CLOSE_RESCUED');
    expect(rig.events.map(({ type }) => type)).not.toContain('GAP_OPENED');
  });

  it('shows the running candle as the socket tells it', async () => {
    await using rig = await open({ startAt: NOON - 30_000 });
    const running$ = rig.feed.candles$('BTC/USD', '1m').pipe(filter(({ closed }) => !closed));
    expect(await firstValueFrom(running$)).toMatchObject({ symbol: 'BTC/USD', interval: '1m', close: 149, volume: 1 });
  });

  it('invents nothing for minutes without trades, and says that they were empty', async () => {
    const isQuiet = (openTime: number) => openTime === NOON - 75 * MINUTE || openTime === NOON - 74 * MINUTE;
    await using rig = await open({ isQuiet });
    const candles$ = rig.feed.closedCandles$('BTC/USD', '1m', { since: NOON - 78 * MINUTE });
    const candles = await lastValueFrom(candles$.pipe(take(5), toArray()));
    expect(openTimes(candles)).toEqual([-77, -76, -73, -72, -71]);
    expect(rig.events.filter(({ type }) => type === 'CANDLE_MISSING')).toMatchObject([
      { from: NOON - 75 * MINUTE, to: NOON - 74 * MINUTE, reason: 'no trades' },
    ]);
  });

  it('begins with the first row that the exchange gives, and says so where older candles were asked for', async () => {
    await using rig = await open();
    const candles$ = rig.feed.closedCandles$('BTC/USD', '1m', { since: NOON - 1000 * MINUTE });
    const first = await firstValueFrom(candles$);
    expect(openTimes([first])[0]).toBeLessThan(-700);
    expect(rig.events.filter(({ type }) => /MISSING|TRUNCATED/.test(type))).toMatchObject([
      { type: 'HISTORY_TRUNCATED', symbol: 'BTC/USD', from: NOON - 999 * MINUTE, to: first.timestamp - MINUTE },
    ]);
  });

  it('does without the socket: what it refuses costs updates, and no candle', async () => {
    await using rig = await open({}, { reconnect: { maxRetries: Infinity, initialDelayMs: 100, jitter: false } });
    rig.server.refuses = true;
    const [candle] = await lastValueFrom(rig.feed.closedCandles$('BTC/USD', '1m').pipe(take(1), toArray()));
    expect(candle?.timestamp).toBe(NOON - MINUTE);
    expect(rig.events.filter(({ type }) => type === 'RECONNECTING').length).toBeGreaterThan(1);
  });

  it('goes on behind a dropped socket, and tells of both', async () => {
    await using rig = await open({}, { reconnect: { initialDelayMs: 50, jitter: false } });
    const candles$ = rig.feed.candles$('BTC/USD', '1m');
    await firstValueFrom(candles$);
    const subscription = candles$.subscribe();
    await until(() => rig.server.connections === 1);
    rig.server.drop();
    await until(() => rig.events.filter(({ type }) => type === 'CONNECTED').length >= 2);
    expect(rig.events.map(({ type }) => type)).toContain('DISCONNECTED');
    subscription.unsubscribe();
    await until(() => rig.server.connections === 0);
  });

  it('errors when its sockets fail too often in a row', async () => {
    await using rig = await open({ startAt: NOON - 50_000 }, { reconnect: { maxRetries: 2, initialDelayMs: 10, jitter: false } }); // prettier-ignore
    rig.server.refuses = true;
    await expect(firstValueFrom(rig.feed.closedCandles$('BTC/USD', '1m'))).rejects.toMatchObject({ code: 'FEED_RECONNECT_EXHAUSTED' }); // prettier-ignore
  });

  it('refuses weeks that begin on another day than ours', async () => {
    await using rig = await open();
    await expect(firstValueFrom(rig.feed.closedCandles$('BTC/USD', '1w'))).rejects.toMatchObject({
      code: 'FEED_UNSUPPORTED_INTERVAL',
      message: expect.stringContaining('ccxt:kraken has one that opens at 2026-11-19T00:00:00.000Z') as string,
    });
    const days$ = rig.feed.closedCandles$('BTC/USD', '1d', { history: 1 });
    expect((await firstValueFrom(days$)).timestamp).toBe(Date.UTC(2026, 10, 19));
  });

  it.each([
    ['ccxt’s unified symbol', 'BTC/USD'],
    ['in any case', 'btc/usd'],
    ['the exchange’s own id', 'XXBTZUSD'],
  ])('understands %s', async (_, written) => {
    await using rig = await open();
    const candle = await firstValueFrom(rig.feed.closedCandles$(written, '1m', { history: 1 }));
    expect(candle.symbol).toBe('BTC/USD');
  });

  it('says what was probably meant by a symbol that it does not list', async () => {
    await using rig = await open();
    await expect(firstValueFrom(rig.feed.closedCandles$('BTC/USDT', '1m'))).rejects.toMatchObject({
      code: 'FEED_UNKNOWN_SYMBOL',
      message: 'ccxt:kraken does not list the symbol "BTC/USDT"; did you mean BTC/USD?',
    });
    await expect(firstValueFrom(rig.feed.closedCandles$('BTC/USD', '3m'))).rejects.toMatchObject({ code: 'FEED_UNSUPPORTED_INTERVAL' }); // prettier-ignore
  });

  it('waits out errors in the list and in rows', async () => {
    await using rig = await open();
    rig.server.statuses.push(503);
    const first = firstValueFrom(rig.feed.closedCandles$('BTC/USD', '1m', { history: 1 }));
    await until(() => rig.server.asked.some((path) => path.includes('OHLC')));
    rig.server.errors.push('EService:Unavailable');
    expect((await first).timestamp).toBe(NOON - 2 * MINUTE);
  });

  it('tells a blocked location as what it is', async () => {
    await using rig = await open();
    rig.server.statuses.push(451, 451, 451);
    await expect(firstValueFrom(rig.feed.closedCandles$('BTC/USD', '1m'))).rejects.toMatchObject({ code: 'FEED_GEO_BLOCKED' }); // prettier-ignore
  });

  it('is reached through a proxy, by requests and by sockets', async () => {
    await using proxy = await startHttpProxy();
    await using rig = await open({ startAt: NOON - 30_000 }, { proxy: `http://${proxy.host}` });
    await firstValueFrom(rig.feed.candles$('BTC/USD', '1m').pipe(filter(({ closed }) => !closed)));
    const [stream, rest] = [rig.server.endpoints.stream, rig.server.endpoints.rest].map((url) => new URL(url).host);
    expect(stream).toBe(rest);
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(new Set(proxy.asked)).toEqual(new Set([rest]));
    expect([...rig.server.addresses]).toEqual([PROXY_ADDRESS]);
  });

  it('lists its markets', async () => {
    await using rig = await open();
    expect(await rig.feed.symbols()).toContainEqual({
      symbol: 'ADA/USD', status: 'active', phase: 'trading', base: 'ADA', quote: 'USD',
      listingTime: null, deliveryTime: null, priceStep: 0.1, quantityStep: 1e-8,
    }); // prettier-ignore
  });
});
