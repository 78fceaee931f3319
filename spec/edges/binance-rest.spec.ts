import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { RequestListener } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { binanceRest } from '../../src/edges/binance-rest.ts';
import type { MarketDataError } from '../../src/ports/market-data.ts';
import { failureOf, FIRST_OPEN, rowAt, TWO_MINUTES, TWO_ROWS, valueOf } from '../support/rest-rows.ts';
import { saying, startScriptedServer, type ScriptedServer } from '../support/scripted-server.ts';

const MINUTE = 60_000;
const SECRETS = { apiKey: 'the-key-of-a-spec', apiSecret: 'the-secret-of-a-spec' };

let server: ScriptedServer;
let rest: ReturnType<typeof binanceRest>;

beforeAll(() => import('ccxt'));
beforeEach(async () => {
  server = await startScriptedServer(saying(200, TWO_ROWS));
  rest = binanceRest({
    venue: { id: 'binance-usdm' },
    restUrl: `${server.url}/`,
    credentials: SECRETS,
    timeoutMs: 2000,
  });
});
afterEach(async () => {
  rest.close();
  await server[Symbol.asyncDispose]();
});

describe('a klines request', () => {
  it.each([
    ['both ends', TWO_MINUTES, `limit=2&startTime=${FIRST_OPEN}&endTime=${FIRST_OPEN + 2 * MINUTE - 1}`],
    ['the end', { ...TWO_MINUTES, from: undefined }, `limit=2&endTime=${FIRST_OPEN + 2 * MINUTE - 1}`],
    ['the start', { ...TWO_MINUTES, before: undefined }, `limit=2&startTime=${FIRST_OPEN}`],
  ])('names %s as the exchange counts, inclusively', async (_, { symbol, interval, limit, from, before }, query) => {
    await valueOf(rest.klines$({ symbol, interval, limit, ...(from && { from }), ...(before && { before }) }));
    expect(server.requests.map((request) => request.url)).toEqual([
      `/fapi/v1/klines?symbol=BTCUSDT&interval=1m&${query}`,
    ]);
  });

  it('is answered with candles of the series asked for, and the weight used', async () => {
    server.answer = saying(200, TWO_ROWS, { 'X-MBX-USED-WEIGHT-1M': '42' });
    const { value, usedWeight } = await valueOf(rest.klines$(TWO_MINUTES));
    expect(usedWeight).toBe(42);
    const first = {
      timestamp: FIRST_OPEN,
      closeTime: FIRST_OPEN + MINUTE - 1,
      open: 1.5,
      trades: 3,
      source: 'backfill',
    };
    expect(value).toMatchObject([
      { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', ...first },
      { timestamp: FIRST_OPEN + MINUTE, takerBuyQuoteVolume: 5 },
    ]);
  });

  it('may be answered with nothing: nothing is there, or not yet', async () => {
    server.answer = saying(200, '[]');
    expect(await valueOf(rest.klines$(TWO_MINUTES))).toEqual({ value: [], rejected: [], usedWeight: undefined });
  });

  it('drops rows before the span, as COIN-M may send them', async () => {
    const { value } = await valueOf(rest.klines$({ ...TWO_MINUTES, from: FIRST_OPEN + MINUTE }));
    expect(value).toMatchObject([{ timestamp: FIRST_OPEN + MINUTE }]);
  });

  it.each([
    ['a text that ends in the middle', TWO_ROWS.slice(0, 60)],
    ['an object in place of rows', '{"rows":[]}'],
    ['an error in spite of status 200', '{"code":-1121,"msg":"Invalid symbol."}'],
    ['an error in a list', '[{"code":-1121,"msg":"Invalid symbol."}]'],
    ['the page of a proxy', '<html>sign in</html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['rows that fall', JSON.stringify([rowAt(FIRST_OPEN + MINUTE), rowAt(FIRST_OPEN)])],
    ['a row after the span', JSON.stringify([rowAt(FIRST_OPEN), rowAt(FIRST_OPEN + 2 * MINUTE)])],
  ])('is malformed as a whole for %s', async (_, body) => {
    server.answer = saying(200, body, { 'X-MBX-USED-WEIGHT-1M': '9' });
    const error = await failureOf(rest.klines$(TWO_MINUTES));
    expect(error).toMatchObject({ failure: 'malformed', status: 200, usedWeight: 9 });
  });
});

describe('a row of which no candle can be made', () => {
  const odd = rowAt(FIRST_OPEN).with(5, '-1');

  it('stands beside the candles', async () => {
    server.answer = saying(200, JSON.stringify([odd, rowAt(FIRST_OPEN + MINUTE)]));
    expect(await valueOf(rest.klines$(TWO_MINUTES))).toMatchObject({
      value: [{ timestamp: FIRST_OPEN + MINUTE }],
      rejected: [{ timestamp: FIRST_OPEN, row: odd, reason: 'a volume is negative' }],
    });
  });

  it('is left out before the span, and answers another question after it', async () => {
    server.answer = saying(200, JSON.stringify([odd]));
    const { rejected } = await valueOf(rest.klines$({ ...TWO_MINUTES, from: FIRST_OPEN + MINUTE }));
    expect(rejected).toEqual([]);
    const error = await failureOf(rest.klines$({ ...TWO_MINUTES, from: 0, before: FIRST_OPEN }));
    expect(error).toMatchObject({ failure: 'malformed' });
  });
});

it('reads the server time', async () => {
  server.answer = saying(200, `{"serverTime":${FIRST_OPEN}}`);
  expect((await valueOf(rest.serverTime$())).value).toBe(FIRST_OPEN);
});

it.each(['{}', '{"serverTime":0}', '{"serverTime":1791382920000000}', '[]', 'x'])('finds the time %s malformed', async (body) => {
  server.answer = saying(200, body);
  expect(await failureOf(rest.serverTime$())).toMatchObject({ failure: 'malformed' });
}); // prettier-ignore

it('reads the symbols, zipped as the exchange sends them', async () => {
  const body = gzipSync('{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","deliveryDate":4133404800000},7]}');
  server.answer = saying(200, body, { 'Content-Encoding': 'gzip' });
  const btcusdt = { symbol: 'BTCUSDT', status: 'TRADING', phase: 'trading', deliveryTime: null };
  expect((await valueOf(rest.symbols$())).value).toEqual([btcusdt]);
});

it.each(['{}', '{"symbols":[]}', '{"symbols":[{"symbol":"BTC'])('finds the symbols %s malformed', async (body) => {
  server.answer = saying(200, body);
  expect(await failureOf(rest.symbols$())).toMatchObject({ failure: 'malformed' });
});

it.each<[string, RequestListener, Partial<MarketDataError>]>([
  ['a geo-block', saying(451, '{"code":0,"msg":"restricted"}'), { failure: 'geo-blocked', status: 451 }],
  ['a ban', saying(418, '', { 'Retry-After': '120' }), { failure: 'banned', retryAfterMs: 120_000 }],
  ['a firewall', saying(403, '<html>'), { failure: 'banned', status: 403 }],
  ['a spent budget', saying(429, '{"code":-1003}', { 'Retry-After': '7' }), { failure: 'rate limited', retryAfterMs: 7000 }],
  ['an unknown symbol', saying(400, '{"code":-1121,"msg":"Invalid symbol."}'), { failure: 'refused', venueCode: -1121 }],
  ['trouble at the exchange', saying(503, ''), { failure: 'server', status: 503 }],
  ['a socket that breaks', (request) => request.socket.destroy(), { failure: 'network', status: 0 }],
  ['a body that breaks', (_, response) => response.writeHead(200).write('[', () => response.destroy()), { failure: 'network' }],
  ['a zipped body cut off', saying(200, gzipSync(TWO_ROWS).subarray(0, 30), { 'Content-Encoding': 'gzip' }), { failure: 'malformed' }],
])('tells %s', async (_, answer, expected) => {
  server.answer = answer;
  expect(await failureOf(rest.klines$(TWO_MINUTES))).toMatchObject(expected);
}); // prettier-ignore

it('tells that nobody listens', async () => {
  await server[Symbol.asyncDispose]();
  expect(await failureOf(rest.klines$(TWO_MINUTES))).toMatchObject({ failure: 'network', status: 0 });
});

it('sends no credentials, and shows them in no error', async () => {
  server.answer = saying(401, '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}');
  const error = await failureOf(rest.klines$(TWO_MINUTES));
  const sent = server.requests.map((request) => [request.url, request.rawHeaders]);
  for (const text of [JSON.stringify(sent), inspect(error, { depth: 9, showHidden: true }), String(error.stack)]) {
    expect(text).not.toContain(SECRETS.apiKey);
    expect(text).not.toContain(SECRETS.apiSecret);
  }
});
