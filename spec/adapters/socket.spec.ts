import { createServer, type Server } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import type { Subscription } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { socketSessions } from '../../src/adapters/socket.ts';
import type { Session, SessionError, SessionEvent } from '../../src/ports/session.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { klineFrame } from '../support/fake-sessions.ts';
import { turns, until, within } from '../support/until.ts';

const OPEN = klineFrame('btcusdt@kline_1m', 60_000, false);
const CLOSED = klineFrame('btcusdt@kline_1m', 60_000, true);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const { isUnfinished } = binanceUsdm.stream;
const sockets = socketSessions({ isUnfinished, handshakeTimeoutMs: 20_000 });
const hasty = socketSessions({ isUnfinished, handshakeTimeoutMs: 400 });

/** Looks again until it is so. */
const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 5 });

/** Everything one session tells. */
class Heard {
  session: Session | undefined;
  readonly frames: string[] = [];
  error: SessionError | undefined;
  completed = false;
  readonly subscription: Subscription;

  constructor(url: string, { openSession$ } = sockets) {
    this.subscription = openSession$(url).subscribe({
      next: (event) => {
        this.#hear(event);
      },
      error: (error: unknown) => {
        this.error = error as SessionError;
      },
      complete: () => {
        this.completed = true;
      },
    });
    cleanups.push(() => {
      this.subscription.unsubscribe();
    });
  }

  async open(): Promise<Session> {
    return eventually(() => {
      if (this.session === undefined) throw new Error('not open');
      return this.session;
    });
  }

  async ended(): Promise<SessionError> {
    return eventually(() => {
      if (this.error === undefined) throw new Error('not ended');
      return this.error;
    });
  }

  #hear(event: SessionEvent): void {
    if (event.kind === 'open') this.session = event.session;
    else this.frames.push(event.frame.toString());
  }
}

async function serve(onConnection: (socket: WebSocket) => void = () => undefined): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', onConnection);
  cleanups.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
}

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
}

describe('a socket as a session', () => {
  it('opens on subscribe, sends what it is given, and tells each frame in order', async () => {
    const heard = new Heard(await serve((socket) => socket.on('message', (data) => socket.send(data))));
    const session = await heard.open();
    session.send('{"a":1}');
    session.send('{"b":2}');
    await eventually(() => expect(heard.frames).toEqual(['{"a":1}', '{"b":2}']));
    expect(session.signsOfLife).toBe(2);
  });

  it('counts unfinished klines and keeps them to itself, unless they are asked for', async () => {
    let peer: WebSocket | undefined;
    const heard = new Heard(await serve((socket) => (peer = socket)));
    const session = await heard.open();
    for (const frame of [OPEN, OPEN, CLOSED, OPEN]) peer?.send(frame);
    await eventually(() => expect(session.signsOfLife).toBe(4));
    expect(heard.frames).toEqual([CLOSED]);
    expect(session.dataFrames).toBe(3);
    session.passRunning = true;
    peer?.send(OPEN);
    await eventually(() => expect(heard.frames).toEqual([CLOSED, OPEN]));
  });

  it('understands frames that come in fragments or as binary', async () => {
    const heard = new Heard(
      await serve((socket) => {
        socket.send(OPEN.slice(0, 200), { fin: false });
        socket.send(OPEN.slice(200), { fin: true });
        socket.send(CLOSED.slice(0, 100), { fin: false });
        socket.send(CLOSED.slice(100), { fin: true });
        socket.send(Buffer.from(CLOSED), { binary: true });
      }),
    );
    const session = await heard.open();
    await eventually(() => expect(heard.frames).toEqual([CLOSED, CLOSED]));
    expect(session.dataFrames).toBe(1);
  });

  it('takes pongs and pings for signs of life, and answers pings with their payload', async () => {
    const pongs: string[] = [];
    const heard = new Heard(
      await serve((socket) => {
        socket.on('pong', (data) => pongs.push(data.toString()));
        socket.ping('1791382992723');
      }),
    );
    const session = await heard.open();
    session.ping();
    await eventually(() => expect(session.signsOfLife).toBe(2));
    await eventually(() => expect(pongs).toEqual(['1791382992723']));
    expect(session.dataFrames).toBe(0);
  });

  it.each([1000, 1001, 1008, 1011, 1012])('errors when the peer closes with %i', async (code) => {
    const heard = new Heard(await serve((socket) => socket.close(code, 'bye')));
    expect(await heard.ended()).toMatchObject({ name: 'SessionError', kind: 'ended', closeCode: code });
    expect(heard.completed).toBe(false);
  });

  it('errors when the connection is cut', async () => {
    const heard = new Heard(await serve((socket) => socket.terminate()));
    expect(await heard.ended()).toMatchObject({ kind: 'ended', closeCode: 1006 });
  });

  it('errors when the peer breaks the protocol', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (_socket, request) => request.socket.write(Buffer.from([0xff, 0xff, 0xff])));
    const heard = new Heard(await listen(server));
    expect(await heard.ended()).toMatchObject({ kind: 'ended' });
  });
});

describe('a handshake', () => {
  it('that nobody answers the door for is refused', async () => {
    const server = createTcpServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const error = await new Heard(url).ended();
    expect(error).toMatchObject({ kind: 'refused', status: 0, closeCode: 0 });
    expect(error.message).toBe(`connect ECONNREFUSED ${new URL(url).host}`);
  });

  it('with a name that is not found says that, and does not call it refused', async () => {
    // A label longer than DNS knows: it is not found without asking anybody.
    const host = `${'a'.repeat(64)}.test`;
    expect((await new Heard(`ws://${host}:9/`).ended()).message).toBe(`getaddrinfo ENOTFOUND ${host}`);
  });

  it.each([
    [451, {}, undefined],
    [429, { 'Retry-After': '7' }, 7000],
    [418, { 'Retry-After': '120' }, 120_000],
    [503, { 'Retry-After': 'soon' }, undefined],
    [302, { Location: 'ws://127.0.0.1:1/' }, undefined],
  ])('answered with HTTP %i is refused', async (status, headers, retryAfterMs) => {
    const server = createServer();
    server.on('upgrade', (_request, socket) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${status} No\r\n${lines.join('')}Content-Length: 2\r\n\r\nno`);
    });
    expect(await new Heard(await listen(server)).ended()).toMatchObject({
      kind: 'refused',
      message: `the handshake was answered with HTTP ${status}`,
      status,
      retryAfterMs,
    });
  });

  it('understands Retry-After as a date', async () => {
    const server = createServer();
    const date = new Date(Date.now() + 600_000).toUTCString();
    server.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 503 No\r\nRetry-After: ${date}\r\n\r\n`));
    const { retryAfterMs } = await new Heard(await listen(server)).ended();
    expect(retryAfterMs).toBeGreaterThan(500_000);
    expect(retryAfterMs).toBeLessThanOrEqual(600_000);
  });

  it('that is never answered is refused in time', async () => {
    const held: Socket[] = [];
    const server = createTcpServer((socket) => held.push(socket));
    const heard = new Heard(await listen(server), hasty);
    await until(() => heard.error !== undefined, 'the handshake to be given up', 1000);
    expect(heard.error).toMatchObject({ kind: 'refused' });
    for (const socket of held) socket.destroy();
  });

  it('with a URL that is none errors and throws nothing', async () => {
    expect(await new Heard('nowhere').ended()).toBeInstanceOf(Error);
  });
});

describe('unsubscribing', () => {
  const count = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length;
  const noSocket = async (): Promise<void> =>
    until(() => count('TCPSocketWrap') === 0, 'all sockets to be closed', 3000);

  it('closes the socket with 1000', async () => {
    const codes: number[] = [];
    const heard = new Heard(await serve((socket) => socket.on('close', (code) => codes.push(code))));
    await heard.open();
    heard.subscription.unsubscribe();
    await eventually(() => expect(codes).toEqual([1000]));
    expect(heard).toMatchObject({ error: undefined, completed: false });
  });

  it('lets one wait until every socket is closed, a half-open one at most 500 ms', async () => {
    const { url, freeze } = await halfOpenPeer();
    const [frozen, refused] = [new Heard(url), new Heard('ws://127.0.0.1:1/')];
    await frozen.open();
    await refused.ended();
    freeze();
    frozen.subscription.unsubscribe();
    const begun = performance.now();
    await within(1000, sockets.allClosed(), 'every socket to be closed');
    expect(performance.now() - begun).toBeGreaterThan(300);
    await sockets.allClosed();
  });

  it('before the socket is open is quiet and leaves nothing', async () => {
    const heard = new Heard(await serve());
    heard.subscription.unsubscribe();
    await noSocket();
    expect(heard).toMatchObject({ session: undefined, error: undefined });
  });

  it('leaves no socket and no timer behind when the peer has stopped answering', async () => {
    const { url, freeze } = await halfOpenPeer();
    const heard = new Heard(url);
    const session = await heard.open();
    const timers = count('Timeout');
    freeze();
    session.ping();
    heard.subscription.unsubscribe();
    await turns(700);
    expect(count('Timeout')).toBeLessThanOrEqual(timers);
    for (const cleanup of cleanups.splice(0)) cleanup();
    await noSocket();
    session.send('too late');
    session.ping();
  });

  it('a hundred times over leaves nothing', async () => {
    const url = await serve();
    for (let round = 0; round < 100; round++) {
      const heard = new Heard(url);
      if (round % 2 === 0) await heard.open();
      heard.subscription.unsubscribe();
    }
    await noSocket();
  });
});

/** A peer behind a relay that stops relaying and keeps its TCP connections open. */
async function halfOpenPeer(): Promise<{ url: string; freeze: () => void }> {
  const { port } = new URL(await serve());
  const pairs: Socket[] = [];
  const relay = createTcpServer((client) => {
    const server = connect(Number(port), '127.0.0.1');
    pairs.push(client, server);
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.pipe(server).pipe(client);
  });
  const url = await listen(relay);
  cleanups.push(() => {
    for (const socket of pairs) socket.destroy();
  });
  return { url, freeze: () => pairs.forEach((socket) => socket.unpipe().pause()) };
}
