import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BinanceRequests, type Ask } from '../../src/edges/binance-requests.ts';
import { failureOf, TWO_ROWS, valueOf } from '../support/rest-rows.ts';
import { saying, startScriptedServer, type ScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

let server: ScriptedServer;
let requests: BinanceRequests;

const requestsWithin = (timeoutMs: number) =>
  new BinanceRequests({ venueId: 'binance-usdm', origin: server.url, credentials: undefined, timeoutMs });
const rows = (limit = 1): Ask<unknown> => ({
  call: (to) => to.klines({ symbol: 'BTCUSDT', interval: '1m', limit }),
  parse: (value) => ({ ok: true, value }),
});

beforeAll(() => import('ccxt'));
beforeEach(async () => {
  server = await startScriptedServer(saying(200, TWO_ROWS));
  requests = requestsWithin(5000);
});
afterEach(async () => {
  requests.close();
  await server[Symbol.asyncDispose]();
});

describe('a request', () => {
  it('is one per subscription, none before', async () => {
    const answer$ = requests.request$(rows());
    expect(server.requests).toHaveLength(0);
    await valueOf(answer$);
    await valueOf(answer$);
    expect(server.requests).toHaveLength(2);
  });

  it('keeps its own headers, however many are under way and in whatever order they are answered', async () => {
    server.answer = (request, response) => {
      const limit = new URL(request.url ?? '', server.url).searchParams.get('limit') ?? '';
      setTimeout(() => response.writeHead(200, { 'X-MBX-USED-WEIGHT-1M': limit }).end('[]'), 60 - Number(limit));
    };
    const limits = [1, 30, 2, 60, 50, 3, 20, 10];
    const replies = await Promise.all(limits.map((limit) => valueOf(requests.request$(rows(limit)))));
    expect(replies.map((reply) => reply.usedWeight)).toEqual(limits);
  });

  it('is malformed when its body is not what was asked', async () => {
    const refusing: Ask<never> = { ...rows(), parse: () => ({ ok: false, reason: 'not a candle' }) };
    expect(await failureOf(requests.request$(refusing))).toMatchObject({
      failure: 'malformed',
      message: 'not a candle',
    });
  });

  it('that meets a socket which the peer hung up just now may be sent again, by whoever keeps the limits', async () => {
    await valueOf(requests.request$(rows()));
    server.answer = (request) => request.socket.resetAndDestroy();
    expect(await failureOf(requests.request$(rows()))).toMatchObject({ failure: 'network', onStaleSocket: true });
    expect(await failureOf(requests.request$(rows()))).toMatchObject({ failure: 'network', onStaleSocket: false });
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, RequestListener]>([
    ['no headers come', () => undefined],
    ['no body comes after the headers', (_, response) => response.writeHead(200).flushHeaders()],
    ['the body stops in the middle', (_, response) => void response.writeHead(200).write(TWO_ROWS.slice(0, 50))],
    ['the body comes in drips', (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    }],
  ])('times out when %s, and its socket is gone', async (_, answer) => {
    requests = requestsWithin(150);
    server.answer = answer;
    expect(await failureOf(requests.request$(rows()))).toMatchObject({ failure: 'timeout', status: 0 });
    await until(() => server.sockets.size === 0);
  }); // prettier-ignore
});

describe('unsubscribing', () => {
  it('frees the socket of a request under way', async () => {
    server.answer = () => undefined;
    const subscription = requests.request$(rows()).subscribe(() => expect.fail('it was answered'));
    await until(() => server.requests.length === 1);
    subscription.unsubscribe();
    await until(() => server.sockets.size === 0);
  });

  it('at once sends nothing', async () => {
    requests.request$(rows(7)).subscribe().unsubscribe();
    await valueOf(requests.request$(rows(8)));
    expect(server.requests.map((request) => request.url?.at(-1))).toEqual(['8']);
  });
});

it('after close nothing is left: requests under way error, and later ones at once', async () => {
  await valueOf(requests.request$(rows()));
  server.answer = () => undefined;
  const failure = failureOf(requests.request$(rows()));
  await until(() => server.requests.length === 2);
  requests.close();
  expect(await failure).toMatchObject({ failure: 'network', message: expect.stringContaining('closed') as string });
  expect(await failureOf(requests.request$(rows()))).toMatchObject({ failure: 'network' });
  await until(() => server.sockets.size === 0);
  expect(server.requests).toHaveLength(2);
});

const PROGRAM = `
import { binanceRest } from './src/edges/binance-rest.ts';
const rest = binanceRest({ venue: { id: 'binance-usdm' }, restUrl: process.argv[1], timeoutMs: 60_000 });
rest.klines$({ symbol: 'BTCUSDT', interval: '1m', limit: 2 }).subscribe((reply) => console.log(reply.value.length));
rest.klines$({ symbol: 'BTCUSDT', interval: '1m', limit: 2 }).subscribe().unsubscribe();
`;

it('lets the process end by itself, unclosed, with an idle socket', async () => {
  const typescript = ['--import', './spec/support/ts-hooks.mjs', '--input-type=module', '-e', PROGRAM];
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', ...typescript, server.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 120_000,
  });
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(lines.join('')).toBe('2\n');
});
