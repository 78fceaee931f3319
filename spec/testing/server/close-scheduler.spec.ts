import { describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { connect, rows, type FakeClient, type KlineMessage } from '../../support/fake-client.ts';
import { turns, until } from '../../support/until.ts';

const SECOND = 1000;
/** Two seconds before five o'clock, so that minutes and hours close too. */
const START = Date.UTC(2026, 10, 22, 16, 59, 58, 500);
/** At this drift the exchange's clock stands still: no candle closes before somebody listens. */
const QUICK = { startAt: START, updatesPerSecond: 0, closeDelayMs: 5, driftPpm: -1_000_000 };

async function subscribed(exchange: FakeExchange, ...topics: string[]): Promise<FakeClient> {
  const client = await connect(exchange);
  client.send('SUBSCRIBE', topics);
  await until(() => client.texts.length > 0, 'an acknowledgement');
  return client;
}

/** A client that has subscribed, on an exchange whose clock runs from then on. */
async function listening(exchange: FakeExchange, ...topics: string[]): Promise<FakeClient> {
  const client = await subscribed(exchange, ...topics);
  exchange.clock.setDrift(0);
  return client;
}

const opens = (client: FakeClient): number[] => client.closes.map(({ k }) => k.t);
const price = ({ k }: KlineMessage): number[] => [k.o, k.h, k.l, k.c, k.v, k.q, k.n, k.V, k.Q].map(Number);

it('closes candles in real time on its own clock, with the values that REST and the truth have', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const client = await listening(exchange, 'btcusdt@kline_1s', 'btcusdt@kline_1m', 'btcusdt@kline_1h');
  await until(() => client.closes.length >= 5);
  const second = client.closes.find(({ k }) => k.i === '1s');
  expect(second?.k.t).toBe(START - 500);
  expect(second?.k.T).toBe(START + 499);
  expect(second?.E).toBeGreaterThanOrEqual(START + 505);
  expect(client.closes.filter(({ k }) => k.i !== '1s').map(({ k }) => [k.i, k.T])).toEqual(
    expect.arrayContaining([['1m', START + 1499], ['1h', START + 1499]]),
  ); // prettier-ignore
  for (const close of client.closes) {
    const [row] = await rows(
      exchange,
      `/api/v3/klines?symbol=BTCUSDT&interval=${close.k.i}&startTime=${String(close.k.t)}&limit=1`,
    );
    expect(price(close)).toEqual([1, 2, 3, 4, 5, 7, 8, 9, 10].map((column) => Number(row?.[column])));
    const truth = exchange.candleAt(
      { venue: 'binance-spot', symbol: 'BTCUSDT', interval: close.k.i as '1s' },
      close.k.t,
    );
    expect([truth?.open, truth?.high, truth?.low, truth?.close]).toEqual(price(close).slice(0, 4));
  }
});

it('sends each close to every connection that is subscribed, once', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const clients = [
    await subscribed(exchange, 'btcusdt@kline_1s'),
    await listening(exchange, 'btcusdt@kline_1s', 'ethusdt@kline_1s'),
  ] as const;
  await until(() => clients.every(({ closes }) => closes.filter(({ s }) => s === 'BTCUSDT').length >= 2));
  const heard = clients.map(({ closes }) => closes.filter(({ s }) => s === 'BTCUSDT').map(({ k }) => k.t));
  for (const times of heard) expect(times.slice(0, 2)).toEqual([START - 500, START + 500]);
});

it('sends nothing after UNSUBSCRIBE, nor to upper-case names', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const client = await subscribed(exchange, 'btcusdt@kline_1s', 'ETHUSDT@kline_1s');
  client.send('UNSUBSCRIBE', ['btcusdt@kline_1s'], 2);
  await until(() => client.texts.length === 2);
  exchange.clock.setDrift(0);
  await turns(700);
  expect(client.messages).toEqual([
    { result: null, id: 1 },
    { result: null, id: 2 },
  ]);
});

it('holds closes back as long as it is told', async () => {
  await using exchange = await startFakeExchange({
    ...QUICK,
    closeDelayMs: ({ symbol }) => (symbol === 'ETHUSDT' ? 600 : 0),
  });
  const client = await listening(exchange, 'btcusdt@kline_1s', 'ethusdt@kline_1s');
  await until(() => client.closes.some(({ s }) => s === 'ETHUSDT'));
  const [btc, eth] = ['BTCUSDT', 'ETHUSDT'].map((symbol) => client.closes.find(({ s }) => s === symbol));
  expect((eth?.E ?? 0) - (btc?.E ?? 0)).toBeGreaterThanOrEqual(590);
});

it('pushes empty candles flat, or not at all where it is told so', async () => {
  const symbols = { 'binance-spot': [{ symbol: 'DEADUSDT', emptyMinutes: 1 }, 'BTCUSDT'] };
  await using spot = await startFakeExchange({ ...QUICK, symbols });
  await using mute = await startFakeExchange({ ...QUICK, symbols, pushEmptyCloses: false });
  const [heard, unheard] = await Promise.all(
    [spot, mute].map((exchange) => listening(exchange, 'deadusdt@kline_1s', 'btcusdt@kline_1s')),
  );
  const dead = (client = heard) => client?.closes.find(({ s }) => s === 'DEADUSDT');
  await until(() => dead() !== undefined && (unheard?.closes.length ?? 0) >= 1);
  const flat = dead();
  expect(flat?.k).toMatchObject({ f: -1, L: -1, n: 0, v: '0.00000000', o: flat?.k.c, h: flat?.k.c, l: flat?.k.c });
  expect(dead(unheard)).toBeUndefined();
});

it('catches up when the clock is moved forward, and repeats nothing when it is moved back', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const client = await listening(exchange, 'btcusdt@kline_1s');
  await until(() => client.closes.length >= 1);
  exchange.clock.jump(5 * SECOND);
  await until(() => client.closes.length >= 6);
  exchange.clock.jump(-2 * SECOND);
  await turns(1100);
  const heard = opens(client);
  expect(heard).toEqual(heard.map((_, i) => START - 500 + i * SECOND));
});

describe('faults of closing frames', () => {
  it('loses the next one, and REST has it', async () => {
    await using exchange = await startFakeExchange(QUICK);
    const fault = exchange.faults.stream.loseCloses({ next: 1 });
    const client = await listening(exchange, 'btcusdt@kline_1s');
    await until(() => client.closes.length >= 1);
    expect(opens(client)[0]).toBe(START + 500);
    expect(fault.hits).toBe(1);
    expect(
      await rows(exchange, `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${String(START - 500)}&limit=1`),
    ).toHaveLength(1);
  });

  it('doubles, delays and disorders them', async () => {
    await using exchange = await startFakeExchange(QUICK);
    const of = (name: string) => ({ next: 1, match: ({ symbol }: { readonly symbol: string }) => symbol === name });
    exchange.faults.stream.doubleCloses(of('BTCUSDT'));
    exchange.faults.stream.delayCloses(700, of('ETHUSDT'));
    exchange.faults.stream.disorderCloses(of('SOLUSDT'));
    const client = await listening(exchange, 'btcusdt@kline_1s', 'ethusdt@kline_1s', 'solusdt@kline_1s');
    const by = (symbol: string): number[] => client.closes.filter(({ s }) => s === symbol).map(({ k }) => k.t);
    await until(() => by('BTCUSDT').length >= 4 && by('SOLUSDT').length >= 3 && by('ETHUSDT').length >= 3);
    expect(by('BTCUSDT').slice(0, 4)).toEqual([START - 500, START - 500, START + 500, START + 1500]);
    expect(by('SOLUSDT').slice(0, 3)).toEqual([START + 500, START - 500, START + 1500]);
    expect(by('ETHUSDT').slice(0, 3)).toEqual([START - 500, START + 500, START + 1500]);
  });

  it('writes them otherwise', async () => {
    await using exchange = await startFakeExchange(QUICK);
    exchange.faults.stream.rewriteCloses('truncated', { next: 1 });
    const client = await listening(exchange, 'btcusdt@kline_1s');
    await until(() => client.texts.length >= 2);
    expect(() => client.messages).toThrow(SyntaxError);
  });
});

it('closes a candle that reaches into the next one when it ends', async () => {
  await using exchange = await startFakeExchange(QUICK);
  const series = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
  exchange.faults.market.oddCandle({ ...series, openTime: START - 500, closeTime: START + 799 });
  const client = await listening(exchange, 'btcusdt@kline_1s');
  await until(() => client.closes.length > 0);
  expect(client.closes[0]?.k.T).toBe(START + 799);
  expect(client.closes[0]?.E).toBeGreaterThanOrEqual(START + 800);
});
