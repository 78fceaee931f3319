import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  SymbolNotTradingError,
  UnknownSymbolError,
  UnsupportedIntervalError,
  createFeed,
  type Interval,
} from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';
import { expectWhole, hear, rig, until } from './rig.ts';

const SPOT = 'binance-spot';
const USDM = 'binance-usdm';

describe.concurrent('a symbol', () => {
  it.each([
    [SPOT, 'NOSUCHUSDT'],
    [USDM, 'BTCUSD_PERP'],
    [USDM, 'BTC/USD:BTC'],
    [USDM, 'BTC/USDT'],
    ['binance-coinm', 'BTCUSDT'],
    [SPOT, ''],
    [SPOT, 'BTC USDT'],
  ] as const)('that %s does not list ends in an error: %s', async (venue, symbol) => {
    await using r = await rig({ venue });
    const heard = r.listen(symbol, '1m');
    await heard.ended();
    expect(heard.error).toBeInstanceOf(UnknownSymbolError);
    expect(heard.error).toMatchObject({ code: 'FEED_UNKNOWN_SYMBOL', venue, symbol, lastTimestamp: undefined });
    await until(() => r.exchange.stats.connections === 0, 'the socket to be closed', 1000);
  });

  it('that has ended is refused without a past, and gives its past and completes with one', async () => {
    const ended = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
    const gone = { symbol: 'GONEUSDT', status: 'SETTLING', ended };
    await using r = await rig({ venue: USDM, exchange: { symbols: { [USDM]: ['BTCUSDT', gone] } } });
    const plain = r.listen('GONEUSDT', '1m');
    const [history, since] = [
      r.listen('GONEUSDT', '1m', { history: 5 }),
      r.listen('GONEUSDT', '1m', { since: new Date(ended - 4 * 60_000) }),
    ];
    await Promise.all([plain.ended(), history.ended(), since.ended()]);
    expect(plain.error).toBeInstanceOf(SymbolNotTradingError);
    expect(plain.error).toMatchObject({ status: 'SETTLING', symbol: 'GONEUSDT' });
    expect([history.completed, since.completed, history.error, since.error]).toEqual([
      true,
      true,
      undefined,
      undefined,
    ]);
    expect(history.candles.map(({ timestamp }) => timestamp)).toEqual(
      [5, 4, 3, 2, 1].map((ago) => ended - ago * 60_000),
    );
    expect(since.candles.map(({ timestamp }) => timestamp)).toEqual([3, 2, 1].map((ago) => ended - ago * 60_000));
    expectWhole(history.candles, r.exchange, { venue: USDM, symbol: 'GONEUSDT', interval: '1m' });
  });

  it.each([
    [SPOT, 'BREAK'],
    [SPOT, 'HALT'],
    [USDM, 'TRADING_HALT'],
  ] as const)('of %s that only pauses (%s) goes on', async (venue, status) => {
    const startAt = Date.UTC(2026, 10, 22, 11, 59, 48);
    const symbols = { [venue]: [{ symbol: 'BTCUSDT', status }] };
    await using r = await rig({ venue, exchange: { startAt, symbols } });
    const heard = r.listen('BTCUSDT', '1m');
    await heard.count(1);
    expectWhole(heard.candles, r.exchange, { venue, symbol: 'BTCUSDT', interval: '1m' });
    expect(heard.candles[0]?.trades).toBe(0);
  });

  it('that stops trading while subscribed completes after its last candle', async () => {
    await using r = await rig({ feed: { graceMs: 500 } });
    const heard = r.listen('BTCUSDT', '1s');
    const other = r.listen('ETHUSDT', '1s');
    await heard.count(2);
    r.exchange.faults.market.setStatus({ venue: SPOT, symbol: 'BTCUSDT', status: 'CLOSE' });
    const endedAt = r.exchange.now();
    await heard.ended();
    expect([heard.completed, heard.error]).toEqual([true, undefined]);
    expectWhole(heard.candles, r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1s' });
    expect(endedAt - (heard.candles.at(-1)?.closeTime ?? 0)).toBeLessThanOrEqual(1000);
    await other.more(1);
    expect(r.of('CANDLE_MISSING')).toEqual([]);
  });

  it('is checked later when REST cannot be reached at subscribe', async () => {
    // Without REST the first candle can only come by the stream: be acknowledged well before it closes.
    await using r = await rig({ exchange: { startAt: Date.UTC(2026, 10, 22, 11, 59, 48) } });
    const fault = r.exchange.faults.rest.fail(503);
    const [good, bad] = [r.listen('BTCUSDT', '1m'), r.listen('NOSUCHUSDT', '1s')];
    await good.count(1);
    expect(bad.error).toBeUndefined();
    fault.stop();
    await bad.ended();
    expect(bad.error).toBeInstanceOf(UnknownSymbolError);
    expect(good.error).toBeUndefined();
    expectWhole(good.candles, r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1m' });
  });

  it('missing from one answer alone is not unknown', async () => {
    await using r = await rig();
    const fault = r.exchange.faults.rest.badBody('empty array', {
      next: 1,
      match: ({ kind }) => kind === 'exchangeInfo',
    });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.count(2);
    expect(fault.hits).toBe(1);
    expectWhole(heard.candles, r.exchange, { venue: SPOT, symbol: 'BTCUSDT', interval: '1s' });
  });
});

describe.concurrent('an interval', () => {
  it.each([
    [USDM, '1s'],
    ['binance-coinm', '1s'],
    [SPOT, '7m'],
    [SPOT, '1H'],
  ])('that %s does not have ends in an error: %s', async (venue, interval) => {
    await using r = await rig({ venue: venue as typeof USDM });
    const heard = hear(r.feed, 'BTCUSDT', { interval: interval as Interval });
    expect(heard.error).toBeInstanceOf(UnsupportedIntervalError);
    expect(heard.error).toMatchObject({ code: 'FEED_UNSUPPORTED_INTERVAL', interval });
    expect(r.exchange.stats.attempts).toBe(0);
  });
});

describe.concurrent('bad options', () => {
  it('of a feed are all listed in one error', () => {
    const bad = {
      venue: 'binance',
      testnet: 'yes',
      endpoints: { stream: 'http://127.0.0.1', rest: 'ftp://127.0.0.1' },
      reconnect: { initialDelayMs: -1, multiplier: 0, maxRetries: 1.5, retries: 3 },
      graceMs: Number.NaN,
      logLevel: 'loud',
      credentials: { apiKey: 'k-7b1c', apiSecret: '' },
      bus: {},
      colour: 'red',
    };
    let error: unknown;
    try {
      createFeed(bad as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    const { problems, message } = error as ConfigError;
    const keys = [
      'venue', 'testnet', 'endpoints.stream', 'endpoints.rest', 'reconnect.initialDelayMs', 'reconnect.multiplier',
      'reconnect.maxRetries', 'reconnect.retries', 'graceMs', 'logLevel', 'credentials.apiSecret', 'bus', 'colour',
    ]; // prettier-ignore
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(keys.sort());
    for (const problem of problems) expect(message).toContain(problem);
    expect(message).not.toContain('k-7b1c');
  });

  it.each([[{ history: -1 }], [{ history: 1.5 }], [{ since: new Date(Number.NaN) }], [{ from: 3 }]])(
    'of a subscription end in an error: %j',
    async (options) => {
      await using r = await rig();
      const heard = r.listen('BTCUSDT', '1s', options as never);
      expect(heard.error).toBeInstanceOf(ConfigError);
      expect(r.exchange.stats.attempts).toBe(0);
    },
  );
});

it('serves three markets side by side from one address', async () => {
  await using exchange = await startFakeExchange({ startAt: Date.UTC(2026, 10, 22, 11, 59, 48) });
  const markets = [
    ['binance-usdm', 'BTCUSDT'],
    ['binance-coinm', 'BTCUSD_PERP'],
    ['binance-spot', 'BTCUSDT'],
  ] as const;
  const all = markets.map(([venue, symbol]) => {
    const feed = createFeed({ venue, endpoints: exchange.endpoints(venue), logLevel: 'silent' });
    return { venue, symbol, feed, heard: hear(feed, symbol, { interval: '1m' }) };
  });
  await Promise.all(all.map(({ heard }) => heard.count(1)));
  for (const { venue, symbol, heard } of all) {
    expectWhole(heard.candles, exchange, { venue, symbol, interval: '1m' });
    expect(heard.candles[0]?.venue).toBe(venue);
  }
  await Promise.all(all.map(({ feed }) => feed.close()));
});
