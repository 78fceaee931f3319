import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { get } from '../../support/fake-client.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 34, 20);
const KLINES = '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=50';
let exchange: FakeExchange;

beforeEach(async () => {
  exchange = await startFakeExchange({ startAt: NOW });
});
afterEach(() => exchange.close());

it.each(['/fapi/v1', '/dapi/v1', '/api/v3'])('serves time and ping under %s', async (base) => {
  const { json } = await get(exchange, `${base}/time`);
  expect((json as { serverTime: number }).serverTime).toBeGreaterThanOrEqual(NOW);
  expect(await get(exchange, `${base}/ping`)).toMatchObject({ status: 200, json: {} });
});

it('serves the symbol list and the rate limits, on spot also of some symbols only', async () => {
  const names = async (path: string): Promise<readonly string[]> =>
    ((await get(exchange, path)).json as { symbols: { symbol: string }[] }).symbols.map(({ symbol }) => symbol);
  expect(await names('/fapi/v1/exchangeInfo')).toContain('币安人生USDT');
  expect(await names('/api/v3/exchangeInfo?symbol=ETHUSDT')).toEqual(['ETHUSDT']);
  expect(await names(`/api/v3/exchangeInfo?symbols=${encodeURIComponent('["ETHUSDT","BTCUSDT"]')}`)).toEqual([
    'ETHUSDT',
    'BTCUSDT',
  ]);
  expect(await get(exchange, '/api/v3/exchangeInfo?symbol=NOPE')).toMatchObject({ status: 400, json: { code: -1121 } });
  const { json } = await get(exchange, '/fapi/v1/exchangeInfo');
  expect(json).toMatchObject({ rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', limit: 2400 }] });
});

it('answers 404 where Binance has nothing', async () => {
  expect((await get(exchange, '/nothing/here')).status).toBe(404);
  expect((await get(exchange, '/fapi/v1/nothing')).status).toBe(404);
});

it('remembers what was asked', async () => {
  await get(exchange, `${KLINES}&startTime=${String(NOW - 600_000)}`);
  await get(exchange, '/api/v3/time');
  expect(exchange.stats.klines).toMatchObject([
    { symbol: 'BTCUSDT', interval: '1m', startTime: NOW - 600_000, limit: 50 },
  ]);
  expect(exchange.stats.requests.get('/api/v3/klines')).toEqual({ count: 1, weight: 2 });
  expect(exchange.stats.requests.get('/api/v3/time')).toEqual({ count: 1, weight: 1 });
});

describe('under faults', () => {
  it.each([500, 503, 403])('fails with %i as often as it is told and then works again', async (status) => {
    exchange.faults.rest.fail(status, { next: 2 });
    const statuses = [await get(exchange, KLINES), await get(exchange, KLINES), await get(exchange, KLINES)].map(
      (reply) => reply.status,
    );
    expect(statuses).toEqual([status, status, 200]);
  });

  it('refuses with Retry-After, and a place with code 0', async () => {
    exchange.faults.rest.fail(429, { next: 1, retryAfter: 7 });
    expect((await get(exchange, KLINES)).headers.get('retry-after')).toBe('7');
    exchange.faults.rest.fail(451, { next: 1 });
    expect(await get(exchange, KLINES)).toMatchObject({ status: 451, json: { code: 0 } });
  });

  it('hits only the requests it is told to hit', async () => {
    exchange.faults.rest.fail(500, { match: ({ kind, venue }) => kind === 'klines' && venue === 'binance-spot' });
    expect((await get(exchange, KLINES)).status).toBe(500);
    expect((await get(exchange, '/api/v3/time')).status).toBe(200);
    expect((await get(exchange, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m')).status).toBe(200);
  });

  it('hangs', async () => {
    exchange.faults.rest.hang({ next: 1 });
    await expect(get(exchange, KLINES, AbortSignal.timeout(150))).rejects.toThrow(/abort|timeout/i);
    expect((await get(exchange, KLINES)).status).toBe(200);
  });

  it('is slow, and then says what was true when it was asked', async () => {
    exchange.faults.rest.slow(150, { next: 1 });
    const asked = exchange.now();
    const { json } = await get(exchange, '/api/v3/time');
    const { serverTime } = json as { serverTime: number };
    expect(serverTime).toBeGreaterThanOrEqual(asked);
    expect(exchange.now() - serverTime).toBeGreaterThanOrEqual(149);
  });

  it.each(['cut', 'reset'] as const)('breaks off (%s)', async (how) => {
    exchange.faults.rest[how]({ next: 1 });
    await expect(get(exchange, KLINES)).rejects.toThrow(/terminated|fetch failed/);
  });

  it('stalls in the middle of a body', async () => {
    exchange.faults.rest.stall({ next: 1 });
    await expect(get(exchange, KLINES, AbortSignal.timeout(150))).rejects.toThrow(/abort|timeout/i);
  });

  it.each([
    ['html', (text: string) => text.startsWith('<html>')],
    ['object', (text: string) => text === '{"unexpected":true}'],
    ['string', (text: string) => text === '"maintenance"'],
    ['empty array', (text: string) => text === '[]'],
    ['empty', (text: string) => text === ''],
    ['wrong rows', (text: string) => text.startsWith('[{"openTime"')],
    ['short rows', (text: string) => (JSON.parse(text) as unknown[][]).every((row) => row.length === 5)],
    [
      'unordered',
      (text: string) =>
        Number((JSON.parse(text) as unknown[][])[0]?.[0]) > Number((JSON.parse(text) as unknown[][])[1]?.[0]),
    ],
    ['null prices', (text: string) => (JSON.parse(text) as unknown[][]).every((row) => row[4] === null)],
  ] as const)('answers 200 with a body that is %s', async (kind, isSo) => {
    exchange.faults.rest.badBody(kind, { next: 1 });
    const { status, text } = await get(exchange, KLINES);
    expect(status).toBe(200);
    expect(isSo(text)).toBe(true);
  });
});
