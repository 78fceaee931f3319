import { describe, expect, it } from 'vitest';
import { lastValueFrom, take, toArray } from 'rxjs';
import { createFeed, type FeedEvent, type FeedOptions } from 'rx-candles';
import { startFakeExchange, type FakeExchangeOptions } from 'rx-candles/testing';
import { until } from '../../support/until.ts';

const MINUTE = 60_000;

/** A few seconds before the next minute, so that there is a close to come. */
function beforeTheMinute(): number {
  const now = Date.now();
  return now - (now % MINUTE) + MINUTE - 3000;
}

async function open(options: FakeExchangeOptions = {}, feedOptions: FeedOptions = {}) {
  const exchange = await startFakeExchange({ startAt: beforeTheMinute(), ...options });
  const { rest, stream } = exchange.endpoints('binance-usdm');
  const endpoints = { rest, stream: stream.replace('/market', '') };
  const feed = createFeed({ venue: 'ccxt:binanceusdm', endpoints, logLevel: 'silent', ...feedOptions });
  const events: FeedEvent[] = [];
  feed.bus.events$.subscribe((event) => events.push(event));
  const close = async () => {
    await feed.close();
    await exchange.close();
  };
  return { exchange, feed, events, [Symbol.asyncDispose]: close };
}

/** What ccxt does not tell. */
const UNTOLD = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };

describe.concurrent('Binance by ccxt', () => {
  it('is the same candles as the exchange has, through a lost connection and a failing REST', async () => {
    await using rig = await open();
    const series = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' } as const;
    const from = rig.exchange.openTimeNow(series) - 3 * MINUTE;
    const candles$ = rig.feed.closedCandles$('BTC/USDT:USDT', '1m', { history: 3 }).pipe(take(4), toArray());
    const got = lastValueFrom(candles$);
    await until(() => rig.exchange.stats.connections === 1);
    rig.exchange.faults.stream.drop();
    rig.exchange.faults.rest.fail(500, { next: 2 });
    const expected = rig.exchange.candles(series, from, from + 4 * MINUTE);
    expect(await got).toEqual(
      expected.map((candle, index) => ({
        ...candle,
        ...UNTOLD,
        venue: 'ccxt:binanceusdm',
        symbol: 'BTC/USDT:USDT',
        source: index < 3 ? 'history' : 'backfill',
      })),
    );
  });

  it('closes its sockets when the last series is left, and opens them again for the next', async () => {
    await using rig = await open();
    const candles$ = rig.feed.candles$('BTCUSDT', '5m');
    for (const round of [1, 2]) {
      let updates = 0;
      const subscription = candles$.subscribe(() => (updates += 1));
      await until(() => updates > 1);
      expect(rig.exchange.stats.connectionsEver).toBe(round);
      subscription.unsubscribe();
      await until(() => rig.exchange.stats.connections === 0);
    }
    const life = rig.events.map(({ type }) => type).filter((type) => type.endsWith('CONNECTED'));
    expect(life).toEqual(['CONNECTED', 'DISCONNECTED', 'CONNECTED', 'DISCONNECTED']);
  });

  it('asks for nothing of the account, also with keys, and tells them to nobody', async () => {
    const credentials = { apiKey: 'a-key', apiSecret: 'a-secret', apiPassword: 'a-password' };
    await using rig = await open({}, { credentials });
    rig.exchange.faults.rest.fail(503, { next: 1 });
    await lastValueFrom(rig.feed.closedCandles$('BTC/USDT:USDT', '1m').pipe(take(1)));
    expect([...rig.exchange.stats.requests.keys()].sort()).toEqual(['/fapi/v1/exchangeInfo', '/fapi/v1/klines', '/fapi/v1/time']); // prettier-ignore
    expect(JSON.stringify(rig.events)).not.toMatch(/a-key|a-secret|a-password/);
  });
});
