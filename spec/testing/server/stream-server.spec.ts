import { describe, expect, it } from 'vitest';
import type { VenueId } from '../../../src/core/candle.ts';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { connect, open } from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

const FAST = { updatesPerSecond: 50 };

describe('paths', () => {
  it.each([
    ['binance-usdm', 'btcusdt@kline_1m'],
    ['binance-coinm', 'btcusd_perp@kline_1m'],
    ['binance-spot', 'btcusdt@kline_1s'],
  ] as const)('delivers %s on combined and raw paths, in the form of each', async (venue: VenueId, topic) => {
    await using exchange = await startFakeExchange(FAST);
    const [combined, listed, raw] = await Promise.all([
      connect(exchange, `/stream?streams=${topic}`, venue),
      connect(exchange, '/stream', venue),
      connect(exchange, `/ws/${topic}`, venue),
    ]);
    listed.send('SUBSCRIBE', [topic]);
    await until(() => combined.texts.length > 1 && listed.texts.length > 1 && raw.texts.length > 1);
    expect(combined.messages[0]).toMatchObject({ stream: topic, data: { e: 'kline' } });
    expect(listed.messages.slice(0, 2)).toMatchObject([{ result: null, id: 1 }, { stream: topic }]);
    expect(raw.messages[0]).toMatchObject({ e: 'kline', s: expect.any(String) as string });
  });

  it('acknowledges on the legacy USDⓈ-M path and on /public, and stays silent there', async () => {
    await using exchange = await startFakeExchange(FAST);
    const base = exchange.endpoints('binance-usdm').stream.replace('/market', '');
    const clients = await Promise.all([
      open(`${base}/stream`),
      open(`${base}/public/ws`),
      connect(exchange, '/stream', 'binance-usdm'),
    ]);
    clients.forEach((client) => { client.send('SUBSCRIBE', ['btcusdt@kline_1m']); }); // prettier-ignore
    await until(() => clients[2].texts.length > 4);
    expect(clients.slice(0, 2).map((client) => client.messages)).toEqual([
      [{ result: null, id: 1 }],
      [{ result: null, id: 1 }],
    ]);
  });

  it('understands percent-encoded names in a path', async () => {
    await using exchange = await startFakeExchange(FAST);
    const client = await connect(exchange, `/ws/${encodeURIComponent('币安人生usdt@kline_1m')}`, 'binance-usdm');
    await until(() => client.texts.length > 0);
    expect(client.messages[0]).toMatchObject({ s: '币安人生USDT' });
  });

  it.each(['/nowhere/stream', '/spot/market/other', '/spot/'])('refuses %s with 404', async (path) => {
    await using exchange = await startFakeExchange();
    await expect(open(exchange.endpoints().rest.replace('http', 'ws') + path)).rejects.toThrow('HTTP 404');
  });
});

it('refuses connection attempts over the limit of a market and records them', async () => {
  await using exchange = await startFakeExchange({ attemptsPerFiveMinutes: 2 });
  await connect(exchange);
  await connect(exchange);
  await expect(connect(exchange)).rejects.toThrow('HTTP 429 300');
  await connect(exchange, '/stream', 'binance-usdm');
  expect(exchange.stats.limitBreaks).toMatchObject([{ venue: 'binance-spot', limit: 'attempts' }]);
  expect(exchange.stats).toMatchObject({ connections: 3, connectionsEver: 3, attempts: 4 });
});

it('forgets a connection that ends, with its topics', async () => {
  await using exchange = await startFakeExchange();
  const client = await connect(exchange, '/stream?streams=btcusdt@kline_1s/ethusdt@kline_1s');
  await until(() => exchange.stats.topics === 2);
  client.ws.terminate();
  await until(() => exchange.stats.connections === 0);
  expect(exchange.stats.topics).toBe(0);
});
