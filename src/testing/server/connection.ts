import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { StreamFaultTarget } from '../faults/stream-faults.ts';
import type { VenueState, ExchangeState } from './exchange-state.ts';
import type { Frame } from '../dialects/binance/wire.ts';

/** Callbacks from a connection to its server. */
export interface ConnectionEvents {
  onMessage(connection: Connection, text: string): void;
  onEnd(connection: Connection): void;
}

export interface ConnectionStart {
  readonly state: VenueState;
  readonly id: number;
  readonly path: string;
  /** Whether this route has klines at all. */
  readonly routed: boolean;
  readonly combined: boolean;
  readonly ws: WebSocket;
  readonly socket: Socket;
}

/** One client on the stream: its topics, its limits, its pings and its end. */
export class Connection implements StreamFaultTarget {
  readonly id: number;
  readonly venue: VenueId;
  readonly path: string;
  readonly openedAt: EpochMs;
  readonly topics = new Set<string>();
  readonly state: VenueState;
  readonly routed: boolean;
  combined: boolean;
  /** Set by the flapping fault: hang up after the first acknowledgement. */
  flap: { readonly code: number | undefined } | undefined;
  private readonly exchange: ExchangeState;
  private readonly ws: WebSocket;
  private readonly socket: Socket;
  private readonly events: ConnectionEvents;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly received: number[] = [];
  private pongDue: number | undefined;
  private frozen = false;
  private cut = false;

  constructor(exchange: ExchangeState, start: ConnectionStart, events: ConnectionEvents) {
    this.exchange = exchange;
    this.state = start.state;
    this.venue = start.state.rules.id;
    this.id = start.id;
    this.path = start.path;
    this.routed = start.routed;
    this.combined = start.combined;
    this.ws = start.ws;
    this.socket = start.socket;
    this.events = events;
    this.openedAt = exchange.clock.now();
    this.listen();
    this.startTimers();
  }

  /** Connected, half-open or not. */
  get isAlive(): boolean {
    return this.ws.readyState === this.ws.OPEN && !this.cut;
  }

  private get isOpen(): boolean {
    return this.isAlive && !this.frozen;
  }

  /** Text of a reply. */
  send(text: string): void {
    if (this.isOpen) this.ws.send(text);
  }

  sendRaw(data: string | Buffer): void {
    if (this.isOpen) this.ws.send(data, { binary: typeof data !== 'string' });
  }

  /** A kline frame, unless this route has none or a fault silences it. */
  deliver(frame: Frame): void {
    if (!this.routed || !this.isOpen || this.isSilenced(frame.topic)) return;
    this.ws.send(frame.bytes(this.combined), { binary: false });
    this.exchange.stats.frames++;
  }

  /** Holds writes together until `uncork`: thousands of frames at one boundary are few writes. */
  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  reset(): void {
    this.cut = true;
    this.socket.resetAndDestroy();
  }

  /** Half-open: the TCP connection stays and everything that comes is thrown away. */
  freeze(): void {
    if (this.frozen) return;
    this.frozen = true;
    this.stopTimers();
    this.socket.removeAllListeners('data');
    this.socket.on('data', () => undefined);
    this.socket.resume();
  }

  close(code: number, reason: string): void {
    if (!this.frozen) this.ws.close(code, reason);
  }

  announceShutdown(): void {
    const data = `{"e":"serverShutdown","E":${String(this.exchange.clock.now())}}`;
    this.send(this.combined ? `{"stream":"!serverShutdown","data":${data}}` : data);
  }

  private isSilenced(topic: string): boolean {
    const { silences } = this.exchange.faults.stream;
    return !silences.isEmpty && silences.take({ venue: this.venue, topic, connection: this.id }) === true;
  }

  private listen(): void {
    this.ws.on('error', () => undefined);
    this.ws.on('close', () => {
      this.stopTimers();
      this.events.onEnd(this);
    });
    this.ws.on('message', (data: RawData) => {
      if (this.isWithinRate()) this.events.onMessage(this, (data as Buffer).toString('utf8'));
    });
    this.ws.on('ping', (data: Buffer) => {
      if (!this.state.rules.pingsCount || this.isWithinRate()) this.ws.pong(data);
    });
    this.ws.on('pong', () => {
      this.pongDue = undefined;
      if (this.state.rules.pingsCount) this.isWithinRate();
    });
  }

  /** Counts one message from the client; over the limit the connection is closed with 1008 (FACTS 3.3). */
  private isWithinRate(): boolean {
    if (!this.isOpen) return false;
    const limit = this.exchange.options.messagesPerSecond ?? this.state.rules.messagesPerSecond;
    const now = performance.now();
    while ((this.received[0] ?? now) <= now - 1000) this.received.shift();
    this.received.push(now);
    if (this.received.length <= limit) return true;
    const detail = `${String(this.received.length)} messages within a second on connection ${String(this.id)}`;
    this.exchange.stats.limitBreaks.push({
      at: this.exchange.clock.now(),
      venue: this.venue,
      limit: 'messages',
      detail,
    });
    this.close(1008, 'Too many requests');
    return false;
  }

  private startTimers(): void {
    const { options } = this.exchange;
    const pingEveryMs = options.pingEveryMs ?? this.state.rules.pingEveryMs;
    this.timers.push(
      setInterval(() => {
        this.ping();
      }, pingEveryMs),
      setTimeout(() => {
        this.reset();
      }, options.maxAgeMs ?? 86_400_000),
    );
  }

  private ping(): void {
    const now = performance.now();
    if (this.pongDue !== undefined && now > this.pongDue) {
      this.reset();
      return;
    }
    this.pongDue ??= now + (this.exchange.options.pongWithinMs ?? this.state.rules.pongWithinMs);
    if (this.isOpen) this.ws.ping(String(this.exchange.clock.now()));
  }

  private stopTimers(): void {
    this.timers.forEach(clearTimeout);
  }
}
