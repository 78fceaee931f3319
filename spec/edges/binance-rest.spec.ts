import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { firstValueFrom, type Observable } from 'rxjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { binanceRest } from '../../src/edges/binance-rest.ts';
import { MarketDataError } from '../../src/ports/market-data.ts';
import { saying, startScriptedServer, until, type ScriptedServer } from '../support/scripted-server.ts';

const T = 1_791_382_920_000;
const MINUTE = 60_000;
const SECRETS = { apiKey: 'the-key-of-a-spec', apiSecret: 'the-secret-of-a-spec' };
const rowAt = (time: number): unknown[] => [
  time, '1.5', '2.5', '0.5', '1.0', '10', time + MINUTE - 1, '12', 3, '4', '5', '0',
]; // prettier-ignore
const GOOD = JSON.stringify([rowAt(T), rowAt(T + MINUTE)]);
const ASK = { symbol: 'BTCUSDT', interval: '1m', from: T, before: T + 2 * MINUTE, limit: 2 } as const;

let server: ScriptedServer;
let rest: ReturnType<typeof restOf>;

function restOf(id: 'binance-usdm' | 'binance-coinm' | 'binance-spot', timeoutMs = 5000) {
  return binanceRest({ venue: { id }, restUrl: server.url, credentials: SECRETS, timeoutMs });
}

async function failureOf(answer$: Observable<unknown>): Promise<MarketDataError> {
  const error: unknown = await firstValueFrom(answer$).then(
    () => expect.fail('it was answered'),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(MarketDataError);
  return error as MarketDataError;
}

beforeAll(() => import('ccxt'));
beforeEach(async () => {
  server = await startScriptedServer(saying(200, GOOD));
  rest = restOf('binance-usdm');
});
afterEach(async () => {
  rest.close();
  await server[Symbol.asyncDispose]();
});

describe('requests', () => {
  it.each([
    ['binance-usdm', '/fapi/v1', ''],
    ['binance-coinm', '/dapi/v1', ''],
    ['binance-spot', '/api/v3', '?showPermissionSets=false'],
  ] as const)('go to the paths of %s, with open times as the exchange counts them', async (id, path, filter) => {
    rest = restOf(id);
    await firstValueFrom(rest.klines$({ ...ASK, symbol: '币安人生USDT' }));
    server.answer = saying(200, `{"serverTime":${T}}`);
    await firstValueFrom(rest.serverTime$());
    server.answer = saying(200, '{"symbols":[{"symbol":"BTCUSDT","status":"TRADING"}]}');
    await firstValueFrom(rest.symbols$());
    expect(
      server.requests.map((request) => `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`),
    ).toEqual([
      `GET ${path}/klines?symbol=币安人生USDT&interval=1m&limit=2&startTime=${T}&endTime=${T + 2 * MINUTE - 1}`,
      `GET ${path}/time`,
      `GET ${path}/exchangeInfo${filter}`,
    ]);
  });

  it('name only the ends that are asked for', async () => {
    await firstValueFrom(rest.klines$({ symbol: 'BTCUSDT', interval: '1m', before: T + 2 * MINUTE, limit: 1 }));
    await firstValueFrom(rest.klines$({ symbol: 'BTCUSDT', interval: '1M', from: T, limit: 1 }));
    expect(server.requests.map((request) => request.url)).toEqual([
      `/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1&endTime=${T + 2 * MINUTE - 1}`,
      `/fapi/v1/klines?symbol=BTCUSDT&interval=1M&limit=1&startTime=${T}`,
    ]);
  });

  it('are one per subscription, none before', async () => {
    const answer$ = rest.klines$(ASK);
    expect(server.requests).toHaveLength(0);
    await firstValueFrom(answer$);
    await firstValueFrom(answer$);
    expect(server.requests).toHaveLength(2);
  });

  it('carry no credentials, and no error shows them', async () => {
    server.answer = saying(401, '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}');
    const error = await failureOf(rest.klines$(ASK));
    const sent = server.requests.map((request) => [request.url, request.rawHeaders]);
    for (const text of [JSON.stringify(sent), inspect(error, { depth: 9, showHidden: true }), String(error.stack)]) {
      expect(text).not.toContain(SECRETS.apiKey);
      expect(text).not.toContain(SECRETS.apiSecret);
    }
  });
});

describe('answers', () => {
  it('are candles of the series asked for, and the weight used', async () => {
    server.answer = saying(200, GOOD, { 'X-MBX-USED-WEIGHT-1M': '42' });
    const reply = await firstValueFrom(rest.klines$({ ...ASK, interval: '1m' }));
    expect(reply.usedWeight).toBe(42);
    expect(reply.value).toMatchObject([
      { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', timestamp: T, closeTime: T + MINUTE - 1, open: 1.5, source: 'backfill' },
      { timestamp: T + MINUTE, trades: 3, takerBuyQuoteVolume: 5 },
    ]); // prettier-ignore
  });

  it('may be empty: nothing is there, or not yet', async () => {
    server.answer = saying(200, '[]', { 'X-MBX-USED-WEIGHT-1M': 'many' });
    expect(await firstValueFrom(rest.klines$(ASK))).toEqual({ value: [], usedWeight: undefined });
  });

  it('are read when zipped', async () => {
    server.answer = saying(200, gzipSync(GOOD), { 'Content-Encoding': 'gzip' });
    expect((await firstValueFrom(rest.klines$(ASK))).value).toHaveLength(2);
    expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it('lose rows before the span, as COIN-M may send them', async () => {
    expect((await firstValueFrom(rest.klines$({ ...ASK, from: T + MINUTE }))).value).toMatchObject([
      { timestamp: T + MINUTE },
    ]);
  });

  it('keep their own headers, however many are under way and in whatever order they come', async () => {
    server.answer = (request, response) => {
      const limit = new URL(request.url ?? '', server.url).searchParams.get('limit') ?? '';
      setTimeout(() => response.writeHead(200, { 'X-MBX-USED-WEIGHT-1M': limit }).end('[]'), 60 - Number(limit));
    };
    const limits = [1, 30, 2, 60, 50, 3, 20, 10];
    const replies = await Promise.all(limits.map((limit) => firstValueFrom(rest.klines$({ ...ASK, limit }))));
    expect(replies.map((reply) => reply.usedWeight)).toEqual(limits);
  });
});

const BODIES: readonly (readonly [string, string])[] = [
  ['a text that ends in the middle', GOOD.slice(0, 60)],
  ['an object in place of rows', '{"rows":[]}'],
  ['an error in spite of status 200', '{"code":-1121,"msg":"Invalid symbol."}'],
  ['the page of a proxy', '<html>sign in</html>'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '7'],
  ['rows that fall', JSON.stringify([rowAt(T + MINUTE), rowAt(T)])],
  ['a price that is no number', GOOD.replace('2.5', 'NaN')],
  ['a row after the span', JSON.stringify([rowAt(T), rowAt(T + 2 * MINUTE)])],
  ['an error in a list', '[{"code":-1121,"msg":"Invalid symbol."}]'],
];

describe('failures', () => {
  it.each<[number, string, Partial<MarketDataError>]>([
    [
      451,
      '{"code":0,"msg":"Service unavailable from a restricted location"}',
      { failure: 'geo-blocked', venueCode: 0 },
    ],
    [451, '', { failure: 'geo-blocked', venueCode: undefined }],
    [418, '{"code":-1003,"msg":"Way too many requests"}', { failure: 'banned', venueCode: -1003 }],
    [429, '{"code":-1003,"msg":"Too many requests"}', { failure: 'rate limited', venueCode: -1003 }],
    [429, '', { failure: 'rate limited' }],
    [403, '<html>WAF</html>', { failure: 'banned', venueCode: undefined }],
    [500, '{"code":-1000,"msg":"An unknown error"}', { failure: 'server', venueCode: -1000 }],
    [502, '<html>bad gateway</html>', { failure: 'server' }],
    [503, 'Service Unavailable', { failure: 'server' }],
    [504, '', { failure: 'server' }],
    [408, '', { failure: 'server' }],
    [400, '{"code":-1121,"msg":"Invalid symbol."}', { failure: 'refused', venueCode: -1121 }],
    [400, '{"code":-1120,"msg":"Invalid interval."}', { failure: 'refused', venueCode: -1120 }],
    [400, '{"code":-1130,"msg":"Invalid limit"}', { failure: 'refused', venueCode: -1130 }],
    [400, '{"code":-1007,"msg":"Timeout waiting for response from backend server."}', { failure: 'server' }],
    [400, '{"code":-1003,"msg":"Too many requests"}', { failure: 'rate limited' }],
    [400, 'cut o', { failure: 'refused', venueCode: undefined }],
    [404, '', { failure: 'refused' }],
    [302, '', { failure: 'malformed' }],
    [204, '', { failure: 'malformed' }],
  ])('are told by status and body: HTTP %i %s', async (status, body, expected) => {
    server.answer = saying(status, body, { 'X-MBX-USED-WEIGHT-1M': '9' });
    const error = await failureOf(rest.klines$(ASK));
    expect(error).toMatchObject({ status, usedWeight: 9, ...expected });
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'Retry-After': '120' }, 120_000],
    ['a date', { 'Retry-After': 'Sun, 22 Nov 2026 12:02:00 GMT', Date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, 120_000],
    ['nothing', {}, undefined],
    ['garbage', { 'Retry-After': 'soon' }, undefined],
    ['a negative number', { 'Retry-After': '-5' }, undefined],
    ['a century', { 'Retry-After': '3153600000' }, undefined],
  ])('carry the pause the exchange asks for: %s', async (_, headers, retryAfterMs) => {
    server.answer = saying(429, '', headers);
    expect((await failureOf(rest.serverTime$())).retryAfterMs).toBe(retryAfterMs);
  });

  it.each(BODIES)('are malformed for %s', async (_, body) => {
    server.answer = saying(200, body, { 'X-MBX-USED-WEIGHT-1M': '9' });
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'malformed', status: 200, usedWeight: 9 });
  });

  it.each(['{}', '{"serverTime":0}', '{"serverTime":1791382920000000}', '[]', 'x'])(
    'are malformed for the time %s',
    async (body) => {
      server.answer = saying(200, body);
      expect(await failureOf(rest.serverTime$())).toMatchObject({ failure: 'malformed' });
    },
  );

  it.each(['{}', '{"symbols":[]}', '{"symbols":[{"symbol":"BTC'])('are malformed for the symbols %s', async (body) => {
    server.answer = saying(200, body);
    expect(await failureOf(rest.symbols$())).toMatchObject({ failure: 'malformed' });
  });

  it('are malformed for a zipped body cut off', async () => {
    server.answer = saying(200, gzipSync(GOOD).subarray(0, 30), { 'Content-Encoding': 'gzip' });
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'malformed' });
  });

  it.each<[string, RequestListener]>([
    ['without an answer', (request) => request.socket.destroy()],
    ['in the middle of a body of announced length', (_, response) => {
      response.writeHead(200, { 'Content-Length': GOOD.length }).write(GOOD.slice(0, 50), () => response.destroy());
    }],
    ['in the middle of a body in chunks', (_, response) => {
      response.writeHead(200).write(GOOD.slice(0, 50), () => response.destroy());
    }],
  ])('are of the network when the peer hangs up %s', async (_, answer) => {
    server.answer = answer;
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'network', status: 0 });
  }); // prettier-ignore

  it('are of the network when nobody listens', async () => {
    await server[Symbol.asyncDispose]();
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'network', status: 0 });
  });

  it.each<[string, RequestListener]>([
    ['no headers come', () => undefined],
    ['the body does not come after the headers', (_, response) => response.writeHead(200).flushHeaders()],
    ['the body ends in the middle', (_, response) => void response.writeHead(200).write(GOOD.slice(0, 50))],
  ])('are a timeout when %s, and the socket is gone', async (_, answer) => {
    rest = restOf('binance-usdm', 150);
    server.answer = answer;
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'timeout' });
    await until(() => server.sockets.size === 0);
  });
});

describe('sockets', () => {
  it('are used again', async () => {
    for (let i = 0; i < 5; i += 1) await firstValueFrom(rest.klines$(ASK));
    expect(server.sockets.size).toBe(1);
  });

  it('that the peer hung up just now do not fail the next request', async () => {
    await firstValueFrom(rest.klines$(ASK));
    server.answer = (request) => {
      request.socket.resetAndDestroy();
      server.answer = saying(200, GOOD);
    };
    expect((await firstValueFrom(rest.klines$(ASK))).value).toHaveLength(2);
  });

  it('are freed by unsubscribing', async () => {
    server.answer = () => undefined;
    const subscription = rest.klines$(ASK).subscribe(() => expect.fail('it was answered'));
    await until(() => server.requests.length === 1);
    subscription.unsubscribe();
    await until(() => server.sockets.size === 0);
  });

  it('are not opened after unsubscribing at once', async () => {
    rest.klines$(ASK).subscribe().unsubscribe();
    await firstValueFrom(rest.serverTime$()).catch(() => undefined);
    expect(server.requests.map((request) => request.url)).toEqual(['/fapi/v1/time']);
  });

  it('are gone after close, requests under way error, and later ones error at once', async () => {
    await firstValueFrom(rest.klines$(ASK));
    server.answer = () => undefined;
    const failure = failureOf(rest.klines$(ASK));
    await until(() => server.requests.length === 2);
    rest.close();
    expect(await failure).toMatchObject({ failure: 'network', message: expect.stringContaining('closed') as string });
    expect(await failureOf(rest.klines$(ASK))).toMatchObject({ failure: 'network' });
    await until(() => server.sockets.size === 0);
  });
});

const PROGRAM = `
import { binanceRest } from './src/edges/binance-rest.ts';
const rest = binanceRest({ venue: { id: 'binance-usdm' }, restUrl: process.argv[1], timeoutMs: 60_000 });
rest.klines$({ symbol: 'BTCUSDT', interval: '1m', limit: 2 }).subscribe((reply) => console.log(reply.value.length));
`;

it('lets the process end by itself, unclosed, with an idle socket', async () => {
  const child = spawn(
    process.execPath,
    [
      '--unhandled-rejections=strict',
      '--import',
      './spec/support/ts-hooks.mjs',
      '--input-type=module',
      '-e',
      PROGRAM,
      server.url,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 },
  );
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(lines.join('')).toBe('2\n');
});
