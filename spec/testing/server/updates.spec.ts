import { expect, it } from 'vitest';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { connect } from '../../support/fake-client.ts';
import { turns, until } from '../../support/until.ts';

/** A drift at which the exchange's clock stands still, until somebody listens. */
const STOPPED = -1_000_000;
const START = Date.UTC(2026, 10, 22, 16, 30, 10);

it('pushes the running candle every 250 ms on futures, growing', async () => {
  await using exchange = await startFakeExchange({ startAt: START });
  const client = await connect(exchange, '/stream?streams=btcusdt@kline_1m', 'binance-usdm');
  await until(() => client.texts.length >= 9);
  const klines = client.messages.flatMap(({ data }) => (data === undefined ? [] : [data]));
  expect(klines.every(({ k }) => !k.x && k.t === START - 10_000)).toBe(true);
  const counts = klines.map(({ k }) => k.n);
  expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  // Eight quarters of a second, the first of which may begin late.
  expect((klines[8]?.E ?? 0) - (klines[0]?.E ?? 0)).toBeGreaterThan(1500);
});

it('is as quick as it is told, also where nothing changed', async () => {
  await using exchange = await startFakeExchange({
    updatesPerSecond: 100,
    symbols: { 'binance-usdm': [{ symbol: 'DEADUSDT', emptyMinutes: 1 }] },
  });
  const client = await connect(exchange, '/stream?streams=deadusdt@kline_1m', 'binance-usdm');
  await until(() => client.texts.length >= 20, 'twenty updates', 1500);
});

it('is quiet where nothing changes, and when told to be', async () => {
  const dead = { symbols: { 'binance-usdm': [{ symbol: 'DEADUSDT', emptyMinutes: 1 }, 'BTCUSDT'] }, startAt: START };
  await using natural = await startFakeExchange(dead);
  await using off = await startFakeExchange({ ...dead, updatesPerSecond: 0 });
  const path = '/stream?streams=deadusdt@kline_1m';
  const [still, silent] = await Promise.all([natural, off].map((exchange) => connect(exchange, path, 'binance-usdm')));
  await until(() => still?.texts.length === 1);
  await turns(800);
  expect([still?.texts.length, silent?.texts.length]).toEqual([1, 0]);
});

it('goes on with the next candle before a late close of the last one', async () => {
  const stopped = { startAt: START + 49_700, driftPpm: STOPPED };
  await using exchange = await startFakeExchange({ ...stopped, closeDelayMs: 900 });
  const client = await connect(exchange, '/stream?streams=btcusdt@kline_1m', 'binance-usdm');
  exchange.clock.setDrift(0);
  await until(() => client.closes.length >= 1);
  const order = client.messages.map(({ data }) =>
    data?.k.x === true ? 'close' : data?.k.t === START + 50_000 ? 'next' : 'last',
  );
  expect(order.indexOf('next')).toBeGreaterThan(-1);
  expect(order.indexOf('next')).toBeLessThan(order.indexOf('close'));
});
