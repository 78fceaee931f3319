import { expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { get, rows, type RestRow } from '../../support/fake-client.ts';

/** 200 ms after a minute began. */
const NOW = Date.UTC(2026, 10, 22, 12, 34, 0, 200);
/** There the exchange's clock stands still: no answer comes too late. */
const THEN = { startAt: NOW, driftPpm: -1_000_000 };
const MINUTE = 60_000;
const LAST = NOW - 200 - MINUTE;

const newest = (exchange: FakeExchange, limit = 3): Promise<readonly RestRow[]> =>
  rows(exchange, `/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=${String(limit)}`);

it('shows the state of a while ago', async () => {
  await using exchange = await startFakeExchange(THEN);
  exchange.faults.rest.lag(30_000);
  const list = await newest(exchange);
  expect(list.at(-1)?.[0]).toBe(LAST);
  expect(Number(list.at(-1)?.[8])).toBeLessThan(
    exchange.candleAt({ symbol: 'BTCUSDT', interval: '1m' }, LAST)?.trades ?? 0,
  );
  exchange.faults.rest.lag(0);
  expect((await newest(exchange)).at(-1)?.[0]).toBe(LAST + MINUTE);
});

it('has rows right after their close that are not final yet, and final ones once settled', async () => {
  await using exchange = await startFakeExchange(THEN);
  exchange.faults.rest.unsettled(5000);
  const truth = exchange.candleAt({ symbol: 'BTCUSDT', interval: '1m' }, LAST);
  const [before, last] = await newest(exchange);
  expect(last?.[0]).toBe(LAST);
  expect(last?.[8]).toBeLessThan(truth?.trades ?? 0);
  expect(before?.[8]).toBe(exchange.candleAt({ symbol: 'BTCUSDT', interval: '1m' }, LAST - MINUTE)?.trades);
  exchange.clock.jump(5000);
  expect((await newest(exchange))[1]?.[8]).toBe(truth?.trades);
});

it('leaves rows out of some answers, and answers with none at times', async () => {
  await using exchange = await startFakeExchange(THEN);
  exchange.faults.rest.flicker({ rows: 0.3 });
  const counts = [(await newest(exchange, 100)).length, (await newest(exchange, 100)).length];
  expect(counts.every((count) => count > 40 && count < 95)).toBe(true);
  exchange.faults.rest.flicker({ answers: 1 });
  expect(await newest(exchange)).toEqual([]);
  exchange.faults.clear();
  expect(await newest(exchange, 100)).toHaveLength(100);
});

it('bans in words alone', async () => {
  await using exchange = await startFakeExchange(THEN);
  exchange.faults.rest.banInWords(2000, { next: 1 });
  const { status, headers, json } = await get(exchange, '/fapi/v1/time');
  expect([status, headers.get('retry-after')]).toEqual([418, null]);
  const until = Number(/banned until (\d{13})\b/.exec((json as { msg: string }).msg)?.[1]);
  expect(until - exchange.now()).toBe(2000);
  expect(await newest(exchange)).toHaveLength(3);
});

it('goes back in time now and then: a row that one answer had is absent in a later one', async () => {
  await using exchange = await startFakeExchange(THEN);
  exchange.faults.rest.goBack(MINUTE, 0.5);
  const times = await Promise.all(Array.from({ length: 20 }, async () => (await newest(exchange, 1))[0]?.[0]));
  expect([...new Set(times)].sort()).toEqual([LAST, LAST + MINUTE]);
});
