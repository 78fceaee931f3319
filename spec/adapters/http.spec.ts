import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../src/adapters/http.ts';
import type { HttpClient } from '../../src/ports/http-client.ts';
import { failureOf, valueOf } from '../support/rest-rows.ts';
import { saying, startScriptedServer, type ScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const BODY = '{"symbol":"币安人生USDT"}';
const GZIP = { 'Content-Encoding': 'gzip' };
let server: ScriptedServer;
let client: HttpClient;

beforeEach(async () => {
  server = await startScriptedServer(saying(200, BODY));
  client = httpClient({ timeoutMs: 5000 });
});
afterEach(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

/** Long before the server, which waits five seconds for another request, would close them itself. */
async function expectNoSockets(): Promise<void> {
  const since = performance.now();
  await until(() => server.sockets.size === 0);
  expect(performance.now() - since).toBeLessThan(4000);
}

const get$ = () => client.get$(`${server.url}/path?a=1`);
const get = () => valueOf(get$());

describe('an answer', () => {
  it('has status, headers, the whole body, and what was asked', async () => {
    server.answer = saying(418, BODY, { 'Retry-After': '120' });
    const url = `${server.url}/path?a=1`;
    expect(await get()).toMatchObject({ url, status: 418, headers: { 'retry-after': '120' }, body: BODY });
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: '/path?a=1',
      headers: { 'accept-encoding': 'gzip', 'user-agent': 'rx-candles' },
    });
  });

  it('is as old as its own date says', async () => {
    server.answer = saying(200, BODY, { Date: 'Sun, 22 Nov 2026 12:00:00 GMT' });
    expect((await get()).at).toBe(Date.UTC(2026, 10, 22, 12));
  });

  it('is unzipped', async () => {
    server.answer = saying(200, gzipSync(BODY), GZIP);
    expect((await get()).body).toBe(BODY);
  });

  it('may be empty and called zipped', async () => {
    server.answer = saying(200, '', GZIP);
    expect((await get()).body).toBe('');
  });

  it.each<[string, RequestListener]>([
    ['zipped and cut off', saying(200, gzipSync(BODY).subarray(0, 20), GZIP)],
    ['called zipped and is not', saying(200, BODY, GZIP)],
    ['longer than any of the exchange', (_, response) => {
      response.writeHead(200);
      const pour = () => void response.write(Buffer.alloc(8 * 1024 * 1024), (error) => !error && pour());
      pour();
    }],
    ['zipped and unpacks to more than that', saying(200, gzipSync(Buffer.alloc(65 * 1024 * 1024)), GZIP)],
  ])('is malformed when it is %s', async (_, answer) => {
    server.answer = answer;
    expect(await failureOf(get$())).toMatchObject({ failure: 'malformed', status: 0 });
  }); // prettier-ignore

  it.each<[string, RequestListener]>([
    ['before the headers', (request) => request.socket.destroy()],
    ['within a body of announced length', (_, response) => response.writeHead(200, { 'Content-Length': 99 }).write('half', () => response.destroy())],
    ['within a body in chunks', (_, response) => response.writeHead(200).write('half', () => response.destroy())],
  ])('fails when the peer hangs up %s', async (_, answer) => {
    server.answer = answer;
    expect(await failureOf(get$())).toMatchObject({ failure: 'network', cause: { code: 'ECONNRESET' } });
    expect(server.requests).toHaveLength(1);
  }); // prettier-ignore
});

it('fails when nobody listens, and says why', async () => {
  await server[Symbol.asyncDispose]();
  expect(await failureOf(get$())).toMatchObject({
    failure: 'network',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

describe('the deadline', () => {
  it.each<[string, RequestListener]>([
    ['no headers come', () => undefined],
    ['no body comes after the headers', (_, response) => response.writeHead(200).flushHeaders()],
    ['the body stops in the middle', (_, response) => void response.writeHead(200).write('half')],
    ['the body comes in drips', (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    }],
  ])('ends a request when %s, and its socket', async (_, answer) => {
    client = httpClient({ timeoutMs: 150 });
    server.answer = answer;
    expect(await failureOf(get$())).toMatchObject({ failure: 'timeout', status: 0 });
    await expectNoSockets();
  }); // prettier-ignore

  it('closes idle sockets too: what swallowed one request may have swallowed them', async () => {
    client = httpClient({ timeoutMs: 800 });
    await Promise.all([get(), get(), get()]);
    expect(server.sockets.size).toBe(3);
    server.answer = () => undefined;
    expect(await failureOf(get$())).toMatchObject({ failure: 'timeout' });
    await expectNoSockets();
  });
});

describe('unsubscribing', () => {
  it.each<[string, RequestListener]>([
    ['the headers', () => undefined],
    ['the body', (_, response) => void response.writeHead(200).write('half')],
  ])('while %s are awaited frees the socket', async (_, answer) => {
    server.answer = answer;
    const subscription = get$().subscribe(() => expect.fail('it was answered'));
    await until(() => server.requests.length === 1);
    subscription.unsubscribe();
    await expectNoSockets();
  });

  it('at once leaves nothing', async () => {
    get$()
      .subscribe(() => expect.fail('it was answered'))
      .unsubscribe();
    await get();
    expect(server.requests.length).toBeLessThanOrEqual(2);
    client.closeIdle();
    await expectNoSockets();
  });
});

describe('sockets', () => {
  it('are used again', async () => {
    for (let i = 0; i < 5; i += 1) await get();
    expect(server.sockets.size).toBe(1);
  });

  it('are kept while nobody asks, and gone when told so', async () => {
    await Promise.all([get(), get()]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(server.sockets.size).toBe(2);
    client.closeIdle();
    await expectNoSockets();
    await get();
    expect(server.sockets.size).toBe(1);
  });

  it('with a request under way are not idle', async () => {
    server.answer = (_, response) => void setTimeout(() => response.end(BODY), 50);
    const answered = get();
    await until(() => server.requests.length === 1);
    client.closeIdle();
    expect((await answered).body).toBe(BODY);
  });

  it('that the peer hung up just now are told from a request that failed, and are used no more', async () => {
    await Promise.all([get(), get(), get()]);
    expect(server.sockets.size).toBe(3);
    server.answer = (request) => request.socket.resetAndDestroy();
    for (let index = 0; index < 3; index += 1) expect(await failureOf(get$())).toMatchObject({ onStaleSocket: true });
    expect(await failureOf(get$())).toMatchObject({ cause: { code: 'ECONNRESET' }, onStaleSocket: false });
    expect(server.requests).toHaveLength(3 + 3 + 1);
  });
});

it('after close nothing is left: requests under way error, and later ones at once', async () => {
  await get();
  server.answer = () => undefined;
  const failure = failureOf(get$());
  await until(() => server.requests.length === 2);
  client.close();
  expect(await failure).toMatchObject({ failure: 'network', message: expect.stringContaining('closed') as string });
  expect(await failureOf(get$())).toMatchObject({ failure: 'network' });
  await expectNoSockets();
  expect(server.requests).toHaveLength(2);
});

const PROGRAM = `
import { httpClient } from './src/adapters/http.ts';
const client = httpClient({ timeoutMs: 60_000 });
client.get$(process.argv[1]).subscribe(({ status }) => console.log(status));
client.get$(process.argv[1]).subscribe().unsubscribe();
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
  expect(lines.join('')).toBe('200\n');
});
