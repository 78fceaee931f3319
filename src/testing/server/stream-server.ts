import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { StreamRoute } from '../dialects/dialect.ts';
import { Connection } from './connection.ts';
import { Publisher } from './publisher.ts';
import { Requests } from './requests.ts';
import type { HandshakeEffect, Which } from '../faults/stream-faults.ts';
import type { VenueState, ExchangeState } from './exchange-state.ts';

const FIVE_MINUTES = 300_000;

interface Asked extends StreamRoute {
  readonly state: VenueState;
  readonly path: string;
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** The WebSocket side: paths, handshakes, and who is connected. */
export class StreamServer {
  readonly publisher: Publisher;
  private readonly exchange: ExchangeState;
  private readonly requests: Requests;
  private readonly wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });
  private readonly connections = new Set<Connection>();
  private readonly attempts = new Map<string, number[]>();
  private readonly sockets = new Set<Duplex>();

  constructor(exchange: ExchangeState, server: Pick<Server, 'on'>) {
    this.exchange = exchange;
    this.publisher = new Publisher(exchange);
    this.requests = new Requests(exchange, this.publisher);
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      // Sockets of an HTTP server are TCP or TLS sockets; the event's type allows for others.
      if (!(stream instanceof Socket)) return;
      const socket = stream;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      this.onUpgrade({ request, socket, head });
    });
  }

  select(which: Which): readonly Connection[] {
    const open = [...this.connections].filter((connection) => connection.isAlive);
    if (which === 'all') return open;
    if (which === 'oldest') return open.slice(0, 1);
    return which === 'newest' ? open.slice(-1) : open.filter(which);
  }

  stop(): void {
    this.publisher.stop();
    for (const socket of this.sockets) socket.destroy();
  }

  private onUpgrade(upgrade: Upgrade): void {
    const asked = this.askedFor(upgrade.request.url ?? '/');
    if (asked === undefined) {
      refuse(upgrade.socket, 404);
      return;
    }
    this.exchange.stats.attempts++;
    if (!this.isWithinAttempts(asked.state)) {
      refuse(upgrade.socket, 429, 300);
      return;
    }
    this.greet(
      upgrade,
      asked,
      this.exchange.faults.stream.handshakes.take({ venue: asked.state.dialect.rules.id, path: asked.path }),
    );
  }

  private greet(upgrade: Upgrade, asked: Asked, effect: HandshakeEffect | undefined): void {
    if (effect?.kind === 'refuse') {
      refuse(upgrade.socket, effect.status, effect.retryAfter);
      return;
    }
    if (effect?.kind !== 'delay') {
      this.accept(upgrade, asked, effect);
      return;
    }
    const timer = setTimeout(() => {
      this.accept(upgrade, asked);
    }, effect.ms);
    upgrade.socket.on('close', () => {
      clearTimeout(timer);
    });
  }

  private accept({ request, socket, head }: Upgrade, asked: Asked, flap?: HandshakeEffect): void {
    this.wss.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const id = ++this.exchange.stats.connectionsEver;
      const connection = new Connection(
        this.exchange,
        { id, ws, socket, ...asked },
        {
          onMessage: (from, text) => { this.requests.handle(from, text); }, // prettier-ignore
          onEnd: (ended) => { this.forget(ended); }, // prettier-ignore
        },
      );
      this.connections.add(connection);
      this.exchange.stats.connections = this.connections.size;
      if (flap?.kind === 'flap') hangUp(connection, flap);
      if (asked.topics.length > 0) this.requests.subscribeAll(connection, asked.topics);
    });
  }

  private forget(connection: Connection): void {
    this.requests.leaveAll(connection);
    this.connections.delete(connection);
    this.exchange.stats.connections = this.connections.size;
  }

  /** Undefined for a path that no venue has. */
  private askedFor(text: string): Asked | undefined {
    const url = new URL(text, 'ws://127.0.0.1');
    for (const state of this.exchange.venues.values()) {
      const route = state.dialect.stream.routeOf(url);
      if (route !== undefined) return { state, path: url.pathname, ...route };
    }
    return undefined;
  }

  private isWithinAttempts({ dialect }: VenueState): boolean {
    const { id } = dialect.rules;
    const { attemptsPerFiveMinutes } = this.exchange.options;
    const { limit, windowMs } =
      attemptsPerFiveMinutes === undefined
        ? dialect.stream.limits.attempts
        : { limit: attemptsPerFiveMinutes, windowMs: FIVE_MINUTES };
    const now = performance.now();
    const recent = (this.attempts.get(id) ?? []).filter((time) => time > now - windowMs);
    recent.push(now);
    this.attempts.set(id, recent);
    if (recent.length <= limit) return true;
    const detail = `${String(recent.length)} connection attempts within ${String(windowMs)} ms`;
    this.exchange.stats.limitBreaks.push({ at: this.exchange.clock.now(), venue: id, limit: 'attempts', detail });
    return false;
  }
}

function hangUp(connection: Connection, { after, code }: Extract<HandshakeEffect, { kind: 'flap' }>): void {
  if (after === 'ack') connection.flap = { code };
  else if (code === undefined) connection.reset();
  else connection.close(code, '');
}

function refuse(socket: Duplex, status: number, retryAfter?: number): void {
  const body = status === 451 ? '{"code":0,"msg":"Service unavailable from a restricted location"}' : '';
  const lines = [
    `HTTP/1.1 ${String(status)} Refused`,
    'Connection: close',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${String(retryAfter)}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
