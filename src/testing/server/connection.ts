import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { Closing, StreamDialect, StreamSession } from '../dialects/dialect.ts';
import type { Garbage, StreamFaultTarget } from '../faults/stream-faults.ts';
import { viewOf, type VenueState, type ExchangeState } from './exchange-state.ts';
import type { Frame } from './frame.ts';
import { MessageRate, type Counted } from './message-rate.ts';

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
  private readonly stream: StreamDialect;
  private readonly timers: NodeJS.Timeout[] = [];
  private quiet: NodeJS.Timeout | undefined;
  private readonly rate: MessageRate;
  private pongDue: number | undefined;
  private frozen = false;
  private cut = false;

  constructor(exchange: ExchangeState, start: ConnectionStart, events: ConnectionEvents) {
    this.exchange = exchange;
    this.state = start.state;
    this.stream = start.state.dialect.stream;
    this.venue = start.state.dialect.rules.id;
    this.id = start.id;
    this.path = start.path;
    this.routed = start.routed;
    this.combined = start.combined;
    this.ws = start.ws;
    this.socket = start.socket;
    this.events = events;
    this.rate = new MessageRate(this.stream.limits.messages, exchange.options.messagesPerSecond);
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

  /** What its dialect may know of it. */
  get session(): StreamSession {
    return { ...viewOf(this.exchange, this.state), topics: this.topics, combined: this.combined };
  }

  /** Text of a reply. */
  send(text: string): void {
    if (!this.isOpen) return;
    this.ws.send(text);
    this.quiet?.refresh();
  }

  /** Texts of a reply, and the end where it comes to that. */
  answer(texts: readonly string[] = [], end?: Closing): void {
    for (const text of texts) this.send(text);
    if (end !== undefined) this.close(end.code, end.reason);
  }

  sendRaw(data: string | Buffer): void {
    if (this.isOpen) this.ws.send(data, { binary: typeof data !== 'string' });
  }

  sendGarbage(kind: Garbage): void {
    this.sendRaw(this.stream.garbage[kind]);
  }

  /** A kline frame, unless this route has none or a fault silences it. */
  deliver(frame: Frame): void {
    if (!this.routed || !this.isOpen || this.isSilenced(frame.topic)) return;
    this.ws.send(frame.bytes(this.combined), { binary: false });
    this.quiet?.refresh();
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
    const notice = this.stream.goingAway(this.session);
    if (notice !== null) this.send(notice);
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
      this.quiet?.refresh();
      if (this.isWithinRate('message')) this.events.onMessage(this, (data as Buffer).toString('utf8'));
    });
    this.ws.on('ping', (data: Buffer) => {
      this.quiet?.refresh();
      if (this.isWithinRate('ping')) this.ws.pong(data);
    });
    this.ws.on('pong', () => {
      this.pongDue = undefined;
      this.isWithinRate('ping');
    });
  }

  /** Whether the client may send this, where its venue counts such; one too many is answered as the venue does. */
  isWithinRate(what: Counted): boolean {
    if (!this.isOpen) return false;
    const detail = this.rate.excessOf(what);
    if (detail === undefined) return true;
    const at = this.exchange.clock.now();
    const { complaints, close } = this.stream.limits.messages.over;
    this.exchange.stats.limitBreaks.push({ at, venue: this.venue, limit: 'messages', detail: `${detail} on connection ${String(this.id)}` }); // prettier-ignore
    this.answer(complaints, close);
    return false;
  }

  private startTimers(): void {
    const { options } = this.exchange;
    const { pings, quiet } = this.stream.limits;
    const pingEveryMs = options.pingEveryMs ?? pings?.everyMs;
    if (pingEveryMs !== undefined) this.timers.push(setInterval(() => { this.ping(); }, pingEveryMs)); // prettier-ignore
    if (quiet !== null) this.closeWhenQuiet(quiet);
    this.timers.push(setTimeout(() => { this.reset(); }, options.maxAgeMs ?? 86_400_000)); // prettier-ignore
  }

  private closeWhenQuiet({ ms, close: { code, reason } }: { readonly ms: number; readonly close: Closing }): void {
    this.quiet = setTimeout(() => { this.close(code, reason); }, this.exchange.options.quietMs ?? ms); // prettier-ignore
    this.timers.push(this.quiet);
  }

  private ping(): void {
    const now = performance.now();
    if (this.pongDue !== undefined && now > this.pongDue) {
      this.reset();
      return;
    }
    this.pongDue ??= now + (this.exchange.options.pongWithinMs ?? this.stream.limits.pings?.pongWithinMs ?? Infinity);
    if (this.isOpen) this.ws.ping(String(this.exchange.clock.now()));
  }

  private stopTimers(): void {
    this.timers.forEach(clearTimeout);
    this.quiet = undefined;
  }
}
