import { expect, it } from 'vitest';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { connect } from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

it('counts a series once, however many listen, and forgets it with the last of them', async () => {
  await using exchange = await startFakeExchange();
  const [one, two] = [await connect(exchange), await connect(exchange)];
  one.send('SUBSCRIBE', ['btcusdt@kline_1s', 'btcusdt@kline_1m']);
  two.send('SUBSCRIBE', ['btcusdt@kline_1s']);
  await until(() => exchange.stats.subscribes === 2);
  expect(exchange.stats.topics).toBe(2);
  one.ws.terminate();
  await until(() => exchange.stats.connections === 1);
  expect(exchange.stats.topics).toBe(1);
});

it.each([
  'btcusdt@kline_1s',
  'btcusdt@kline_7m',
  'btcusdt@depth',
  'nosuch@kline_1m',
  'BTCUSDT@kline_1m',
  'btcusdt@kline_1m@+08:00',
])('takes %s on USDⓈ-M and has no such series', async (topic) => {
  await using exchange = await startFakeExchange();
  const client = await connect(exchange, '/stream', 'binance-usdm');
  client.send('SUBSCRIBE', [topic]);
  await until(() => client.texts.length === 1);
  expect(client.messages[0]).toEqual({ result: null, id: 1 });
  expect(exchange.stats.topics).toBe(0);
});

it('pushes nothing of its own where it is told not to', async () => {
  await using exchange = await startFakeExchange({ publish: false, updatesPerSecond: 50 });
  const client = await connect(exchange, '/stream?streams=btcusdt@kline_1s');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(client.texts).toEqual([]);
});
