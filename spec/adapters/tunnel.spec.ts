import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ProxyError } from '../../src/adapters/connection-failure.ts';
import { openTunnel, type TunnelOptions } from '../../src/adapters/tunnel.ts';
import { parseProxyUrl } from '../../src/core/proxy-url.ts';
import { hasOpenssl, makeCertificates } from '../support/certificates.ts';
import { hasIpv6 } from '../support/ipv6.ts';
import { startHttpProxy, startSocksProxy } from '../support/proxies.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'p@ss:w/rd';
const LOGIN = `bot:${encodeURIComponent(PASSWORD)}@`;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanups.push(() => server.close());
  return `${host === '::1' ? '[::1]' : host}:${String((server.address() as AddressInfo).port)}`;
}

/** What is at the far end: it answers whoever speaks to it, and hangs up. */
const greeter = () => net.createServer((socket) => socket.once('data', () => socket.end('hello')));

function open(proxyUrl: string, url: string, options: Partial<TunnelOptions> & { signal?: AbortSignal } = {}) {
  const proxy = parseProxyUrl(proxyUrl);
  if (proxy === undefined) throw new Error(`no proxy: ${proxyUrl}`);
  return openTunnel(new URL(url), { proxy, ...options }, options.signal ?? new AbortController().signal);
}

async function said(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

async function failureOf(opening: Promise<unknown>): Promise<Error> {
  const error: unknown = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
  return error;
}

/** An HTTP proxy that answers every CONNECT alike. */
async function answering(status: number, seen: http.IncomingMessage[] = []): Promise<string> {
  const server = http.createServer();
  server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
    seen.push(request);
    socket.end(`HTTP/1.1 ${String(status)} Whatever\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno`);
  });
  return listen(server);
}

describe('a tunnel', () => {
  it.runIf(hasIpv6).each(['http', 'socks5'])('to an address of IPv6, through a proxy of %s', async (scheme) => {
    await using proxy =
      scheme === 'http' ? await startHttpProxy({ from: '::1' }) : await startSocksProxy({ from: '::1' });
    const host = await listen(greeter(), '::1');
    const socket = await open(`${scheme}://${proxy.host}`, `ws://${host}/stream`);
    socket.write('good day');
    expect(await said(socket)).toBe('hello');
  });

  it.runIf(hasIpv6)('through a proxy that has an address of IPv6 alone', async () => {
    const server = http.createServer();
    server.on('connect', (_: http.IncomingMessage, socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'));
    expect(await said(await open(`http://${await listen(server, '::1')}`, 'ws://exchange.test'))).toBe('hello');
  });

  it.runIf(hasOpenssl)('through a proxy that is spoken to over TLS', async () => {
    using certificates = makeCertificates('IP:127.0.0.1');
    const { ca } = certificates;
    const server = https.createServer({ cert: certificates.cert, key: certificates.key });
    server.on('connect', (_: http.IncomingMessage, socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'));
    const proxy = `https://${await listen(server)}`;
    expect(await said(await open(proxy, 'ws://exchange.test', { tls: { ca } }))).toBe('hello');
    const { message } = await failureOf(open(proxy, 'ws://exchange.test'));
    expect(message).toMatch(/^the proxy https:.* cannot be reached: its certificate is not trusted .*tls\.ca/);
  });

  it('asks for the host by its name, with user and password', async () => {
    const seen: http.IncomingMessage[] = [];
    await failureOf(open(`http://${LOGIN}${await answering(502, seen)}`, 'wss://fstream.binance.com/market'));
    expect(seen[0]?.url).toBe('fstream.binance.com:443');
    expect(seen[0]?.headers).toMatchObject({
      host: 'fstream.binance.com:443',
      'proxy-authorization': `Basic ${Buffer.from(`bot:${PASSWORD}`).toString('base64')}`,
    });
  });
});

describe('a proxy that fails', () => {
  it.each([
    [407, LOGIN, 'refuses its user or password'],
    [407, '', 'asks for a user and password'],
    [403, LOGIN, 'does not allow connections to exchange.test:443'],
    [502, LOGIN, 'cannot reach exchange.test:443'],
    [429, LOGIN, 'refuses to connect to exchange.test:443'],
    [451, LOGIN, 'refuses to connect to exchange.test:443'],
  ])('with HTTP %d (user "%s") is named, and what it said', async (status, login, words) => {
    const host = await answering(status);
    const error = await failureOf(open(`http://${login}${host}`, 'wss://exchange.test'));
    expect(error).toBeInstanceOf(ProxyError);
    expect(error.message).toBe(`the proxy http://${host} ${words} (HTTP ${String(status)} from the proxy)`);
  });

  it.each(['http', 'socks5'])('by not being there: %s', async (scheme) => {
    const gone = net.createServer();
    const host = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    const error = await failureOf(open(`${scheme}://${LOGIN}${host}`, 'wss://exchange.test'));
    expect(error).toBeInstanceOf(ProxyError);
    expect(error.message).toBe(`the proxy ${scheme}://${host} cannot be reached: connect ECONNREFUSED ${host}`);
  });

  it.each(['http', 'socks5'])('by hanging up: %s', async (scheme) => {
    const host = await listen(net.createServer((socket) => socket.once('data', () => socket.destroy())));
    const { message } = await failureOf(open(`${scheme}://${LOGIN}${host}`, 'wss://exchange.test'));
    expect(message).toContain(`the proxy ${scheme}://${host} broke off`);
  });

  it.each(['http', 'socks5'])('by never answering is given up in time: %s', async (scheme) => {
    const sockets: Socket[] = [];
    const host = await listen(net.createServer((socket) => sockets.push(socket.resume())));
    const error = await failureOf(open(`${scheme}://${LOGIN}${host}`, 'wss://exchange.test', { withinMs: 50 }));
    expect(error.message).toBe(`the proxy ${scheme}://${host} did not answer within 50 ms`);
    await until(() => sockets.every((socket) => socket.closed));
  });

  it('over SOCKS5: with the wrong password, and with a host that it cannot reach', async () => {
    await using strict = await startSocksProxy({ login: { user: 'bot', password: 'another' } });
    await using open5 = await startSocksProxy();
    const wrong = await failureOf(open(`socks5://${LOGIN}${strict.host}`, 'wss://exchange.test'));
    expect(wrong.message).toContain(`the proxy socks5://${strict.host} refuses its user or password`);
    const gone = net.createServer();
    const host = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    const unreachable = await failureOf(open(`socks5://${open5.host}`, `wss://${host}`));
    expect(unreachable.message).toMatch(/cannot reach 127\.0\.0\.1:\d+ \(.*ConnectionRefused\)$/);
  });
});

it('that is aborted leaves nothing open', async () => {
  const sockets: Socket[] = [];
  const server = net.createServer((socket) => sockets.push(socket.resume()));
  const host = await listen(server);
  const abort = new AbortController();
  const opening = failureOf(open(`http://${host}`, 'wss://exchange.test', { signal: abort.signal }));
  await once(server, 'connection');
  abort.abort();
  await opening;
  await until(() => sockets.length === 1 && sockets.every((socket) => socket.closed), 'its end', 2000);
});
