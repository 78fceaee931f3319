import type { Subscription } from 'rxjs';
import type { DisconnectReason } from '../../core/events.ts';
import { SessionError, type Session, type SessionEvent } from '../../ports/session.ts';
import type { Decoded, Topic } from '../../venues/venue.ts';
import { every } from '../after.ts';
import { Liveness } from './liveness.ts';
import type { DecodedKline, StreamParts } from './stream-parts.ts';
import { TopicTalk } from './topic-talk.ts';

const TICK_MS = 1000;
/** The edge has its own deadline for a handshake; this one is for an edge that forgot. */
const OPEN_DEADLINE_MS = 20_000;
const EXCERPT_LENGTH = 120;
/** Enough for a kline: how it is spelled is seen anywhere in it. */
const MOST_BYTES_OF_SPELLING = 600;

/** How a session ended, and what that means for the next. */
export interface LinkEnd {
  readonly reason: DisconnectReason;
  readonly error: SessionError;
}

/** Who opened the session hears of everything that becomes of it. */
export interface LinkOwner {
  onOpen(link: SessionLink): void;
  onAcknowledged(link: SessionLink, topics: readonly Topic[]): void;
  onKline(link: SessionLink, kline: DecodedKline): void;
  /** The venue will close the session soon. */
  onShutdown(link: SessionLink): void;
  /** A request was refused or not answered; the session is still open. */
  onTrouble(link: SessionLink, reason: 'rejected' | 'no acknowledgement', detail: string): void;
  onEnded(link: SessionLink, end: LinkEnd): void;
  /** Once a second while the session is open. */
  onTick(link: SessionLink): void;
}

/** One session and all we know of it: what it was told, whether its peer lives, when it last delivered. */
export class SessionLink {
  readonly connection: number;
  readonly #parts: StreamParts;
  readonly #owner: LinkOwner;
  readonly #talk: TopicTalk;
  readonly #liveness = new Liveness();
  readonly #createdAt: number;
  #session: Session | undefined;
  #socket: Subscription | undefined;
  #ticks: Subscription | undefined;
  #openedAt: number;
  #hasEnded = false;
  #passRunning = false;
  #klines = 0;
  #framesSeen = 0;
  #lastDataAt: number;
  #troubled = false;

  constructor(parts: StreamParts, owner: LinkOwner, wanted: ReadonlySet<Topic>) {
    this.#parts = parts;
    this.#owner = owner;
    this.connection = parts.counters.nextConnection();
    this.#createdAt = this.#openedAt = this.#lastDataAt = parts.scheduler.now();
    this.#talk = new TopicTalk({
      venue: parts.venue,
      scheduler: parts.scheduler,
      wanted,
      onAcknowledged: (topics) => {
        owner.onAcknowledged(this, topics);
      },
    });
  }

  get isOpen(): boolean {
    return this.#session !== undefined && !this.#hasEnded;
  }

  get wasOpen(): boolean {
    return this.#session !== undefined;
  }

  /** Klines received so far. */
  get dataFrames(): number {
    return (this.#session?.dataFrames ?? 0) + this.#klines;
  }

  /** Since the session opened, ms. */
  get ageMs(): number {
    return this.#parts.scheduler.now() - this.#openedAt;
  }

  /** Since data was last seen to have come, or since the session opened, ms; to the second. */
  get silentMs(): number {
    return this.#parts.scheduler.now() - this.#lastDataAt;
  }

  get allAcknowledged(): boolean {
    return this.#talk.allAcknowledged;
  }

  isAcknowledged(topic: Topic): boolean {
    return this.isOpen && this.#talk.isAcknowledged(topic);
  }

  open(): void {
    const { scheduler, openSession$, url } = this.#parts;
    this.#ticks = every(scheduler, TICK_MS, () => {
      this.#tick();
    });
    const socket = openSession$(url).subscribe({
      next: (event) => {
        this.#onEvent(event);
      },
      error: (error: unknown) => {
        this.#end(toEnd(error, this.isOpen));
      },
      complete: () => {
        this.#end(toEnd(undefined, this.isOpen));
      },
    });
    this.#socket = socket;
    if (this.#hasEnded) socket.unsubscribe();
  }

  /** What is wanted has changed. */
  update(): void {
    this.#talk.update();
  }

  /** Whether running candles are wanted; the first kline of a session is passed in any case, for its event time. */
  setPassRunning(wanted: boolean): void {
    this.#passRunning = wanted;
    if (this.#session !== undefined) this.#session.passRunning = wanted || this.#klines === 0;
  }

  /** Ends the session without telling the owner. */
  close(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#parts.counters.framesOfEnded += this.dataFrames;
    this.#ticks?.unsubscribe();
    this.#talk.stop();
    this.#socket?.unsubscribe();
  }

  #end(end: LinkEnd): void {
    if (this.#hasEnded) return;
    this.#noteData();
    this.close();
    this.#owner.onEnded(this, end);
  }

  #onEvent(event: SessionEvent): void {
    if (this.#hasEnded) return;
    if (event.kind === 'frame') this.#onFrame(event.frame);
    else this.#onOpen(event.session);
  }

  #onOpen(session: Session): void {
    this.#session = session;
    this.#openedAt = this.#lastDataAt = this.#parts.scheduler.now();
    this.setPassRunning(this.#passRunning);
    this.#owner.onOpen(this);
    if (this.isOpen) this.#talk.start(session);
  }

  #onFrame(frame: Buffer): void {
    const message = this.#parts.venue.decode(frame);
    if (message.kind === 'kline') this.#onKline(message, frame);
    else if (message.kind === 'reply') this.#onReply(message);
    else if (message.kind === 'shutdown') this.#owner.onShutdown(this);
    else if (message.kind === 'malformed') this.#reject(message.reason, frame);
  }

  #onKline(kline: DecodedKline, frame: Buffer): void {
    if (!kline.closed && this.#session?.passRunning === false) this.#countDecoded(frame);
    this.#klines++;
    if (this.#klines === 1) this.setPassRunning(this.#passRunning);
    this.#parts.onEventTime(kline.eventTime);
    this.#owner.onKline(this, kline);
  }

  #onReply(reply: Extract<Decoded, { readonly kind: 'reply' }>): void {
    if (!this.#talk.onReply(reply.id, reply.error)) this.#trouble('rejected', reply.error ?? 'unknown');
  }

  /** Nobody wants it, and its bytes did not say so: the exchange writes otherwise than we know. */
  #countDecoded(frame: Buffer): void {
    const { counters, onDecodedInFull } = this.#parts;
    counters.framesDecodedInFull++;
    if (counters.framesDecodedInFull === 1) onDecodedInFull?.(frame.toString('utf8', 0, MOST_BYTES_OF_SPELLING));
  }

  #reject(reason: string, frame: Buffer): void {
    this.#parts.counters.rejectedFrames++;
    const excerpt = frame.toString('utf8', 0, 4 * EXCERPT_LENGTH).slice(0, EXCERPT_LENGTH);
    this.#parts.publish({ type: 'FRAME_REJECTED', reason, excerpt });
  }

  #tick(): void {
    if (!this.isOpen) {
      if (this.#parts.scheduler.now() - this.#createdAt >= OPEN_DEADLINE_MS) this.#end(toEnd('no handshake', false));
      return;
    }
    this.#noteData();
    const signs = this.#session?.signsOfLife ?? 0;
    if (this.#liveness.tick(signs, () => this.#talk.ping()) === 'dead') {
      this.#end(noPong());
      return;
    }
    if (this.#talk.isOverdue) this.#trouble('no acknowledgement', 'a request was not answered in time');
    this.#owner.onTick(this);
  }

  #noteData(): void {
    if (this.dataFrames === this.#framesSeen) return;
    this.#framesSeen = this.dataFrames;
    this.#lastDataAt = this.#parts.counters.lastDataAt = this.#parts.scheduler.now();
  }

  /** Told once: whoever owns the session replaces it. */
  #trouble(reason: 'rejected' | 'no acknowledgement', detail: string): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#owner.onTrouble(this, reason, detail);
  }
}

function noPong(): LinkEnd {
  return { reason: 'no pong', error: new SessionError('ended', 'the peer no longer answers') };
}

/** Anything else than a SessionError means that no session could be made: a URL that is none, for instance. */
function toEnd(cause: unknown, wasOpen: boolean): LinkEnd {
  const error =
    cause instanceof SessionError
      ? cause
      : new SessionError(wasOpen ? 'ended' : 'refused', cause instanceof Error ? cause.message : String(cause), {
          cause,
        });
  return { reason: error.kind === 'refused' ? 'refused' : 'closed by peer', error };
}
