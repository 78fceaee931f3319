import { expect, it } from 'vitest';
import { startFakeExchange } from '../../../src/testing/index.ts';
import { get } from '../../support/fake-client.ts';

/** There the exchange's clock stands still: all requests come within one minute. */
const JUST_BEFORE_NOON = { startAt: Date.UTC(2026, 10, 22, 11, 59, 10), driftPpm: -1_000_000 };
const path = (limit: number): string => `/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=${String(limit)}`;
const used = (reply: { readonly headers: Headers }): number => Number(reply.headers.get('x-mbx-used-weight-1m'));

it('counts weight by limit, and more where no limit is given', async () => {
  await using exchange = await startFakeExchange(JUST_BEFORE_NOON);
  expect(used(await get(exchange, path(100)))).toBe(1);
  expect(used(await get(exchange, path(500)))).toBe(3);
  expect(used(await get(exchange, path(1500)))).toBe(13);
  expect(used(await get(exchange, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m'))).toBe(18);
  expect(used(await get(exchange, path(9999)))).toBe(28);
});

it('gives USDⓈ-M and COIN-M one budget and spot its own', async () => {
  await using exchange = await startFakeExchange(JUST_BEFORE_NOON);
  await get(exchange, path(1500));
  expect(used(await get(exchange, '/dapi/v1/time'))).toBe(11);
  expect(used(await get(exchange, '/api/v3/exchangeInfo'))).toBe(20);
});

it('starts anew with each minute of its own clock', async () => {
  await using exchange = await startFakeExchange(JUST_BEFORE_NOON);
  await get(exchange, path(1500));
  exchange.clock.jump(50_000);
  expect(used(await get(exchange, '/fapi/v1/time'))).toBe(1);
});

it('refuses with 429 and the seconds to wait, and bans with 418 who goes on', async () => {
  await using exchange = await startFakeExchange({ ...JUST_BEFORE_NOON, weightLimit: 5, banMs: 90_000 });
  await get(exchange, path(1000));
  const refused = await get(exchange, '/fapi/v1/time');
  expect(refused).toMatchObject({ status: 429, json: { code: -1003 } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(40);
  for (let i = 0; i < 4; i++) await get(exchange, '/fapi/v1/time');
  const banned = await get(exchange, '/fapi/v1/time');
  expect(banned.status).toBe(418);
  expect(Number(banned.headers.get('retry-after'))).toBe(90);
  exchange.clock.jump(60_000);
  expect((await get(exchange, '/fapi/v1/time')).status).toBe(418);
  exchange.clock.jump(31_000);
  expect((await get(exchange, '/fapi/v1/time')).status).toBe(200);
  expect(exchange.stats.limitBreaks.map(({ limit }) => limit)).toEqual([
    'weight',
    'weight',
    'weight',
    'weight',
    'weight',
    'ban',
    'ban',
  ]);
});

it('may have limits and weights of its own, and says so', async () => {
  await using exchange = await startFakeExchange({
    ...JUST_BEFORE_NOON,
    weightLimit: 1200,
    restWeights: { klines: 1, exchangeInfo: 10 },
  });
  const { json, headers } = await get(exchange, '/api/v3/exchangeInfo');
  expect(json).toMatchObject({ rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', limit: 1200 }] });
  expect(used({ headers })).toBe(10);
  expect(used(await get(exchange, '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1000'))).toBe(11);
});

it('names its limit in a refusal', async () => {
  await using exchange = await startFakeExchange({ ...JUST_BEFORE_NOON, weightLimit: 5 });
  const { json } = await get(exchange, path(1500));
  expect(json).toMatchObject({
    msg: expect.stringContaining('current limit is 5 request weight per 1 MINUTE') as string,
  });
});

it('may tell the end of a ban only in words', async () => {
  const options = { ...JUST_BEFORE_NOON, weightLimit: 1, banMs: 90_000, banTold: 'words' } as const;
  await using exchange = await startFakeExchange(options);
  for (let i = 0; i < 5; i++) expect((await get(exchange, path(500))).status).toBe(429);
  const before = exchange.now();
  const banned = await get(exchange, path(500));
  expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, null]);
  const [, until] = /banned until (\d{13})\./.exec((banned.json as { msg: string }).msg) ?? [];
  expect(Number(until)).toBeGreaterThanOrEqual(before + 90_000);
  expect(Number(until)).toBeLessThan(before + 95_000);
});
