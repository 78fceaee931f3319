import { expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { connect, get, rows, type FakeClient } from '../../support/fake-client.ts';
import { until } from '../../support/until.ts';

const START = Date.UTC(2026, 10, 22, 12, 0, 0, 700);
const SERIES = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
/** At this drift the exchange's clock stands still: no candle closes before somebody listens. */
const QUICK = { startAt: START, updatesPerSecond: 0, closeDelayMs: 0, driftPpm: -1_000_000 };

/** A client that hears of some series, on an exchange whose clock runs from then on. */
async function listening(exchange: FakeExchange, ...symbols: string[]): Promise<FakeClient> {
  const topics = symbols.map((symbol) => `${symbol.toLowerCase()}@kline_1s`);
  const client = await connect(exchange, `/stream?streams=${topics.join('/')}`);
  exchange.clock.setDrift(0);
  return client;
}

it('lacks candles on the stream, over REST and in the truth alike', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const from = START - 700;
  exchange.faults.market.hole({ ...SERIES, from, before: from + 2000 });
  const client = await listening(exchange, 'BTCUSDT', 'ETHUSDT');
  await until(() => client.closes.some(({ s, k }) => s === 'BTCUSDT' && k.t === from + 2000));
  expect(client.closes.find(({ s }) => s === 'BTCUSDT')?.k.t).toBe(from + 2000);
  expect(client.closes.filter(({ s }) => s === 'ETHUSDT').length).toBeGreaterThanOrEqual(2);
  const list = await rows(
    exchange,
    `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${String(from - 1000)}&limit=2`,
  );
  expect(list.map(([openTime]) => openTime)).toEqual([from - 1000, from + 2000]);
  expect(exchange.candleAt(SERIES, from)).toBeUndefined();
  expect(exchange.candles(SERIES, from - 1000, from + 3000)).toHaveLength(2);
});

it('pauses for months, in every interval', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const [from, before] = [Date.UTC(2026, 5, 1), Date.UTC(2026, 10, 13, 6)];
  exchange.faults.market.pause({ venue: 'binance-spot', symbol: 'BTCUSDT', from, before });
  const around = async (interval: string) => {
    const query = `symbol=BTCUSDT&interval=${interval}&endTime=${String(Date.UTC(2026, 10, 14))}&limit=1000`;
    const list = await rows(exchange, `/api/v3/klines?${query}`);
    const times = list.map(([openTime]) => openTime);
    return [times.findLast((time) => time < from + 1000), times.find((time) => time > from)];
  };
  expect(await around('1h')).toEqual([from - 3_600_000, before]);
  expect(await around('1d')).toEqual([from - 86_400_000, Date.UTC(2026, 10, 13)]);
});

it('pauses for months of seconds without looking at each of them', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const now = START - 700;
  const [from, before] = [Date.UTC(2026, 5, 1), now - 2000];
  exchange.faults.market.pause({ venue: 'binance-spot', symbol: 'BTCUSDT', from, before });
  const path = '/api/v3/klines?symbol=BTCUSDT&interval=1s&limit=4';
  const began = performance.now();
  const backwards = await rows(exchange, `${path}&endTime=${String(now - 1)}`);
  const forwards = await rows(exchange, `${path}&startTime=${String(from - 2000)}`);
  expect(performance.now() - began).toBeLessThan(2000);
  const times = [from - 2000, from - 1000, before, before + 1000];
  expect(backwards.map(([openTime]) => openTime)).toEqual(times);
  expect(forwards.map(([openTime]) => openTime)).toEqual(times);
});

it.each([[true], [false]])('ends a symbol: the stream stops, flat rows go on: %s', async (flatAfterEnd) => {
  await using exchange = await startFakeExchange(QUICK);
  const client = await listening(exchange, 'BTCUSDT', 'ETHUSDT');
  const closesOf = (symbol: string) => client.closes.filter(({ s }) => s === symbol).map(({ k }) => k.t);
  await until(() => closesOf('BTCUSDT').length >= 1);
  const next = exchange.openTimeNow(SERIES) + 1000;
  exchange.faults.market.setStatus({ venue: 'binance-spot', symbol: 'BTCUSDT', status: 'CLOSE', flatAfterEnd });
  await until(() => closesOf('ETHUSDT').includes(next));
  expect(closesOf('BTCUSDT').filter((openTime) => openTime > next - 2000)).toEqual([]);
  const span = `startTime=${String(next)}&endTime=${String(next)}`;
  const after = await rows(exchange, `/api/v3/klines?symbol=BTCUSDT&interval=1s&${span}`);
  expect(after.map((row) => row[8])).toEqual(flatAfterEnd ? [0] : []);
  const { json } = await get(exchange, '/api/v3/exchangeInfo?symbol=BTCUSDT');
  expect(json).toMatchObject({ symbols: [{ status: 'CLOSE' }] });
});

it('goes on with flat candles while trading is paused', async () => {
  await using exchange = await startFakeExchange(QUICK);
  exchange.faults.market.setStatus({ venue: 'binance-spot', symbol: 'BTCUSDT', status: 'HALT' });
  const client = await listening(exchange, 'BTCUSDT');
  await until(() => client.closes.length >= 2);
  expect(client.closes[1]?.k.n).toBe(0);
  exchange.faults.market.setStatus({ venue: 'binance-spot', symbol: 'BTCUSDT', status: 'TRADING' });
  await until(() => (client.closes.at(-1)?.k.n ?? 0) > 0);
});
