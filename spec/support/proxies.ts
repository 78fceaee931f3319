import { createServer } from '@pondwader/socks5-server';
import dns from 'node:dns';
import net, { type AddressInfo } from 'node:net';
import { Server } from 'proxy-chain';

/** A proxy of another package on 127.0.0.1. It connects from an address of its own, by which a server knows it. */
export interface RunningProxy extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** `host:port` of everything it was asked for, in turn. */
  readonly asked: readonly string[];
}

export interface ProxyOptions {
  readonly login?: { readonly user: string; readonly password: string };
  /** The address that it connects from. */
  readonly from?: string;
}

/** Where a proxy connects from; nothing else does. */
export const PROXY_ADDRESS = '127.0.0.2';
/** A name that the proxies alone can look up. */
export const PROXIED_HOST = 'exchange.test';

const lookedUp = (host: string): string => (host === PROXIED_HOST ? '127.0.0.1' : host);

const lookup = ((host: string, ...rest: [never, never]) => {
  dns.lookup(lookedUp(host), ...rest);
}) as typeof dns.lookup;

/** HTTP CONNECT. */
export async function startHttpProxy({ login, from = PROXY_ADDRESS }: ProxyOptions = {}): Promise<RunningProxy> {
  const asked: string[] = [];
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ username, password, hostname, port }) => {
      const isWelcome = login === undefined || (username === login.user && password === login.password);
      if (isWelcome) asked.push(`${hostname}:${String(port)}`);
      return { requestAuthentication: !isWelcome, localAddress: from, dnsLookup: lookup };
    },
  });
  await server.listen();
  return { host: `127.0.0.1:${String(server.port)}`, asked, [Symbol.asyncDispose]: () => server.close(true) };
}

/** SOCKS5. */
export async function startSocksProxy({ login, from = PROXY_ADDRESS }: ProxyOptions = {}): Promise<RunningProxy> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  const proxy = createServer(login === undefined ? {} : { auth: { username: login.user, password: login.password } });
  proxy.setConnectionHandler(({ socket, destAddress: host, destPort: port }, sendStatus) => {
    asked.push(`${host}:${String(port)}`);
    const outside = net.connect({ host: lookedUp(host), port, localAddress: from });
    sockets.add(outside);
    outside.on('connect', () => {
      sendStatus('REQUEST_GRANTED');
      outside.pipe(socket).pipe(outside);
    });
    outside.on('error', () => sendStatus('CONNECTION_REFUSED'));
    outside.on('close', () => socket.destroy());
    socket.on('error', () => outside.destroy());
    socket.on('close', () => outside.destroy());
  });
  const server = net.createServer((socket) => {
    sockets.add(socket);
    proxy._handleConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
