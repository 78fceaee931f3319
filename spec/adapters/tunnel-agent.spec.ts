import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { httpClient } from '../../src/adapters/http.ts';
import { socketSessions } from '../../src/adapters/socket.ts';
import { parseProxyUrl } from '../../src/core/proxy-url.ts';
import { startHttpProxy } from '../support/proxies.ts';
import { failureOf } from '../support/rest-rows.ts';
import { saying, startScriptedServer } from '../support/scripted-server.ts';
import { until, within } from '../support/until.ts';

/** A proxy that takes connections and says nothing, so that what goes through it stays half open. */
async function silentProxy() {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.resume());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = parseProxyUrl(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  return {
    server,
    sockets,
    proxy,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

it('keeps its connections for the next request, as Node does', async () => {
  await using proxy = await startHttpProxy();
  await using server = await startScriptedServer(saying(200, 'yes'));
  const client = httpClient({ timeoutMs: 5000, proxy: parseProxyUrl(`http://${proxy.host}`) });
  for (let index = 0; index < 3; index += 1) await lastValueFrom(client.get$(server.url));
  expect(server.requests).toHaveLength(3);
  expect(proxy.asked).toHaveLength(1);
  client.close();
  await until(() => server.sockets.size === 0);
});

it('a client that is closed meanwhile leaves nothing open', async () => {
  await using silent = await silentProxy();
  const client = httpClient({ timeoutMs: 5000, proxy: silent.proxy });
  const failure = failureOf(client.get$('https://exchange.test/time'));
  await once(silent.server, 'connection');
  client.close();
  expect(await failure).toMatchObject({ failure: 'network' });
  await until(() => silent.sockets.size === 0, 'the proxy to be alone again', 2000);
});

it('a session that is given up meanwhile leaves nothing open', async () => {
  await using silent = await silentProxy();
  const sockets = socketSessions({ isUnfinished: () => false, proxy: silent.proxy });
  const subscription = sockets.openSession$('wss://exchange.test/stream').subscribe({ error: () => undefined });
  await once(silent.server, 'connection');
  subscription.unsubscribe();
  await within(1000, sockets.allClosed());
  await until(() => silent.sockets.size === 0, 'the proxy to be alone again', 2000);
});

it('an exchange that never answers behind the proxy is refused in time', async () => {
  await using proxy = await startHttpProxy();
  const mute = net.createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const options = { isUnfinished: () => false, handshakeTimeoutMs: 100, proxy: parseProxyUrl(`http://${proxy.host}`) };
  const url = `ws://127.0.0.1:${String((mute.address() as AddressInfo).port)}/stream`;
  const refused = lastValueFrom(socketSessions(options).openSession$(url));
  await expect(within(5000, refused)).rejects.toMatchObject({ kind: 'refused', reason: 'refused' });
  mute.close();
});
