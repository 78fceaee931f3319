import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { createFeed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';
import { describe, expect, it } from 'vitest';
import { hasIpv6 } from '../support/ipv6.ts';
import { PATIENT, QUICK, expectWhole, hear, midSecond, rig } from './rig.ts';

const SERIES = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;

/** A reverse proxy that serves an exchange under the path `/gateway/binance`, and nothing else. */
async function startGateway(target: string): Promise<AsyncDisposable & { readonly host: string }> {
  const { hostname, port } = new URL(target);
  const pathOf = ({ url = '' }: http.IncomingMessage) => /^\/gateway\/binance(\/.*)$/.exec(url)?.[1];
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    const path = pathOf(request);
    if (path === undefined) {
      response.writeHead(404).end();
      return;
    }
    const inner = http.get({ hostname, port, path, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    inner.on('error', () => response.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', (request: http.IncomingMessage, socket: Socket) => {
    const inner = net.connect(Number(port), hostname);
    sockets.add(inner);
    const { rawHeaders } = request;
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ''}`] : []));
    inner.write(`${[`GET ${pathOf(request) ?? '/none'} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
    inner.pipe(socket).pipe(inner);
    for (const each of [inner, socket]) each.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.concurrent('candles come', () => {
  it('from behind a reverse proxy with a path, history and live', async () => {
    await using r = await rig();
    await using gateway = await startGateway(r.exchange.endpoints().rest);
    const { pathname } = new URL(r.exchange.endpoints(r.venue).stream);
    const path = `${gateway.host}/gateway/binance`;
    const endpoints = { stream: `ws://${path}${pathname.replace(/\/$/, '')}`, rest: `http://${path}/` };
    await using feed = createFeed({ venue: r.venue, endpoints, logLevel: 'silent', reconnect: QUICK, ...PATIENT });
    await midSecond(r.exchange);
    const heard = hear(feed, 'BTCUSDT', { interval: '1s', from: { history: 3 } });
    await heard.fromStream();
    expectWhole(heard.candles, r.exchange, SERIES);
  });

  it.runIf(hasIpv6)('from a host that has an address of IPv6 alone', async () => {
    await using exchange = await startFakeExchange({ host: '::1' });
    const endpoints = exchange.endpoints('binance-spot');
    await using feed = createFeed({ venue: 'binance-spot', endpoints, reconnect: QUICK, ...PATIENT });
    await midSecond(exchange);
    const heard = hear(feed, 'BTCUSDT', { interval: '1s', from: { history: 3 } });
    await heard.fromStream();
    expectWhole(heard.candles, exchange, SERIES);
    expect([...exchange.stats.peers]).toEqual(['::1']);
  });
});
