import type { DisconnectReason } from '../../core/events.ts';
import type { Session } from '../../ports/session.ts';
import { SessionError } from '../../ports/session.ts';
import type { Topic } from '../../ports/stream-protocol.ts';
import type { ConnectionContext } from './connection-context.ts';
import { Liveness } from './liveness.ts';
import type { TopicSet } from './topic-set.ts';
import { TopicSubscriptions } from './topic-subscriptions.ts';

/** Backstop for an adapter that never reports the end of a handshake, ms. */
const OPEN_DEADLINE_MS = 20_000;

/** State of one session: its subscriptions, whether its peer is alive, when it last delivered. */
export class ManagedSession {
  /** Connections of a feed are numbered from 1. */
  readonly connection: number;
  readonly subscriptions: TopicSubscriptions;
  /** Why it ends, when it is ended from our side. */
  endReason: DisconnectReason = 'no longer needed';
  endDetail: string | undefined;
  readonly #context: ConnectionContext;
  readonly #wanted: TopicSet;
  readonly #liveness = new Liveness();
  readonly #createdAt: number;
  #socket: Session | undefined;
  #openedAt: number;
  #hasEnded = false;
  #decodedCandles = 0;
  #framesSeen = 0;
  #lastDataAt: number;
  #pingedAt: number;

  constructor(wanted: TopicSet, context: ConnectionContext) {
    const { protocol, scheduler, counters, exchangeNow } = context;
    this.#context = context;
    this.#wanted = wanted;
    this.connection = counters.nextConnection();
    this.#createdAt = this.#openedAt = this.#lastDataAt = this.#pingedAt = scheduler.now();
    this.subscriptions = new TopicSubscriptions({ protocol, scheduler, wanted, exchangeNow });
  }

  get isOpen(): boolean {
    return this.#socket !== undefined && !this.#hasEnded;
  }

  get wasOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Candle messages received so far. */
  get dataFrames(): number {
    return (this.#socket?.dataFrames ?? 0) + this.#decodedCandles;
  }

  /** Since the session opened, ms. */
  get ageMs(): number {
    return this.#context.scheduler.now() - this.#openedAt;
  }

  /** Since data was last seen to have come, or since the session opened, ms; to the second. */
  get silentMs(): number {
    return this.#context.scheduler.now() - this.#lastDataAt;
  }

  get allAcknowledged(): boolean {
    return this.isOpen && this.subscriptions.allAcknowledged;
  }

  isAcknowledged(topic: Topic): boolean {
    return this.isOpen && this.subscriptions.isAcknowledged(topic);
  }

  /** Whether frames of running candles are to be counted by their bytes alone. */
  get skipsRunning(): boolean {
    return this.#socket?.passRunning === false;
  }

  opened(socket: Session): void {
    this.#socket = socket;
    this.#openedAt = this.#lastDataAt = this.#pingedAt = this.#context.scheduler.now();
    this.updateRunning();
  }

  /** A candle was decoded. */
  countCandle(): void {
    this.#decodedCandles++;
    if (this.#decodedCandles === 1) this.updateRunning();
  }

  /** Running candles are passed on while wanted; the first of a session is in any case, for its event time. */
  updateRunning(): void {
    if (this.#socket !== undefined) this.#socket.passRunning = this.#wanted.wantsRunning || this.#decodedCandles === 0;
  }

  /** @throws SessionError when there is no handshake, or no sign of life any more */
  check(): void {
    const now = this.#context.scheduler.now();
    if (this.#socket === undefined) {
      if (now - this.#createdAt >= OPEN_DEADLINE_MS) throw new SessionError('refused', 'no handshake');
      return;
    }
    this.#noteData(now);
    this.#pingRegularly(now);
    if (this.#liveness.tick(this.#socket.signsOfLife, () => this.subscriptions.ping()) === 'dead')
      throw new SessionError('ended', 'the peer no longer answers', { reason: 'no pong' });
  }

  ended(): void {
    if (this.#hasEnded) return;
    this.#noteData(this.#context.scheduler.now());
    this.#hasEnded = true;
    this.#context.counters.frames.framesReceived += this.dataFrames;
    this.subscriptions.stop();
  }

  start(): void {
    if (this.#socket !== undefined) this.subscriptions.start(this.#socket);
  }

  #noteData(now: number): void {
    if (this.dataFrames === this.#framesSeen) return;
    this.#framesSeen = this.dataFrames;
    this.#lastDataAt = this.#context.counters.lastDataAt = now;
  }

  /** Some venues disconnect a client that sends nothing, however much it receives. */
  #pingRegularly(now: number): void {
    const { keepAlive } = this.#context.protocol;
    if (keepAlive.ping === 'frame' || now - this.#pingedAt < keepAlive.everyMs) return;
    if (this.subscriptions.ping()) this.#pingedAt = now;
  }
}
