import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpClient, StaleSocketError, type HttpClient } from '../../src/edges/http-get.ts';
import { saying, startScriptedServer, type ScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const BODY = '{"symbol":"币安人生USDT"}';
let server: ScriptedServer;
let client: HttpClient;
let abort: AbortController;

beforeEach(async () => {
  server = await startScriptedServer(saying(200, BODY));
  client = httpClient(server.url);
  abort = new AbortController();
});
afterEach(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

const get = () => client.get(`${server.url}/path?a=1`, { headers: { 'x-spec': 'yes' }, signal: abort.signal });

describe('an answer', () => {
  it('has status, headers and the whole body', async () => {
    server.answer = saying(418, BODY, { 'Retry-After': '120' });
    expect(await get()).toMatchObject({ status: 418, headers: { 'retry-after': '120' }, body: BODY });
    expect(server.requests[0]).toMatchObject({
      url: '/path?a=1',
      headers: { 'x-spec': 'yes', 'accept-encoding': 'gzip' },
    });
  });

  it('is unzipped', async () => {
    server.answer = saying(200, gzipSync(BODY), { 'Content-Encoding': 'gzip' });
    expect((await get()).body).toBe(BODY);
  });

  it('may be empty and called zipped', async () => {
    server.answer = saying(200, '', { 'Content-Encoding': 'gzip' });
    expect((await get()).body).toBe('');
  });

  it('that is zipped and cut off is an error of the decompressor', async () => {
    server.answer = saying(200, gzipSync(BODY).subarray(0, 20), { 'Content-Encoding': 'gzip' });
    await expect(get()).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
  });

  it.each<[string, RequestListener]>([
    ['before the headers', (request) => request.socket.destroy()],
    [
      'within a body of announced length',
      (_, response) => response.writeHead(200, { 'Content-Length': 99 }).write('half', () => response.destroy()),
    ],
    ['within a body in chunks', (_, response) => response.writeHead(200).write('half', () => response.destroy())],
  ])('is refused when the peer hangs up %s', async (_, answer) => {
    server.answer = answer;
    await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, RequestListener]>([
    ['the headers', () => undefined],
    ['the body', (_, response) => void response.writeHead(200).write('half')],
  ])('is given up with the reason of the abort while %s are awaited, and its socket is gone', async (_, answer) => {
    server.answer = answer;
    const reason = new Error('enough');
    const answered = get();
    answered.catch(() => undefined);
    await until(() => server.requests.length === 1);
    abort.abort(reason);
    await expect(answered).rejects.toBe(reason);
    await until(() => server.sockets.size === 0);
  });
});

describe('sockets', () => {
  it('are used again', async () => {
    for (let i = 0; i < 5; i += 1) await get();
    expect(server.sockets.size).toBe(1);
  });

  it('that the peer hung up just now are told from a request that failed, and are used no more', async () => {
    await Promise.all([get(), get(), get()]);
    expect(server.sockets.size).toBe(3);
    server.answer = (request) => request.socket.resetAndDestroy();
    for (let i = 0; i < 3; i += 1) await expect(get()).rejects.toBeInstanceOf(StaleSocketError);
    await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.requests).toHaveLength(3 + 3 + 1);
  });

  it('that nobody uses are gone within a second, but for one whose answer is long in coming', async () => {
    server.answer = (_, response) => void setTimeout(() => response.end(BODY), 1500);
    expect((await get()).body).toBe(BODY);
    expect(server.sockets.size).toBe(1);
    await until(() => server.sockets.size === 0, 'the idle socket to be gone', 1000);
  });

  it('are all gone after close', async () => {
    await get();
    client.close();
    await until(() => server.sockets.size === 0);
  });
});
