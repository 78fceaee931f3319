import type { EpochMs, VenueId } from '../../core/candle.ts';
import type { CloseInfo } from '../options.ts';
import { Rules, type Fault, type When } from './rules.ts';

/** What a script may know of a connection. */
export interface ConnectionInfo {
  /** Counted from 1 through the exchange's life. */
  readonly id: number;
  readonly venue: VenueId;
  readonly path: string;
  readonly openedAt: EpochMs;
  readonly topics: ReadonlySet<string>;
}

/** Which connections a fault hits. Default `all`. */
export type Which = 'all' | 'oldest' | 'newest' | ((connection: ConnectionInfo) => boolean);

/** What a script may know of a connection that is being opened. */
export interface HandshakeInfo {
  readonly venue: VenueId;
  readonly path: string;
}

/** What a script may know of a subscription. */
export interface TopicInfo {
  readonly venue: VenueId;
  readonly topic: string;
  readonly connection: number;
}

/** What a script may know of a request on the stream. */
export interface RequestInfo {
  readonly venue: VenueId;
  readonly connection: number;
  readonly method: string;
  readonly params: readonly string[];
}

export type HandshakeEffect =
  | { readonly kind: 'refuse'; readonly status: number; readonly retryAfter: number | undefined }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'flap'; readonly after: 'open' | 'ack'; readonly code: number | undefined };

export type ReplyEffect =
  { readonly kind: 'swallow' } | { readonly kind: 'error'; readonly code: number; readonly msg: string };

/** How a closing frame can be written otherwise. The first four stay true and must be understood; the rest are damaged. */
export type Rewrite = NamedRewrite | ((text: string) => string);

export type NamedRewrite =
  'no B' | 'extra fields' | 'spaced' | 'shuffled' | 'bad JSON' | 'truncated' | 'wrong types' | 'missing fields';

export type CloseEffect =
  | { readonly kind: 'lose' }
  | { readonly kind: 'double' }
  | { readonly kind: 'disorder' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'rewrite'; readonly how: Rewrite };

/** A message that is not a kline of the market; it must affect nothing else. */
export type Garbage = 'bad JSON' | 'truncated' | 'wrong types' | 'unknown event' | 'not an object' | 'empty' | 'binary';

/** What faults act on: connections, and the port. */
export interface StreamFaultTargets {
  select(which: Which): readonly StreamFaultTarget[];
  refuseTcp(forMs: number): void;
}

/** A connection as faults see it. */
export interface StreamFaultTarget extends ConnectionInfo {
  reset(): void;
  freeze(): void;
  close(code: number, reason: string): void;
  announceShutdown(): void;
  sendRaw(data: string | Buffer): void;
  sendGarbage(kind: Garbage): void;
}

/** Faults of the WebSocket side: `exchange.faults.stream`. */
export class StreamFaults {
  /** @internal */
  readonly handshakes: Rules<HandshakeInfo, HandshakeEffect>;
  /** @internal */
  readonly replies: Rules<RequestInfo, ReplyEffect>;
  /** @internal */
  readonly silences: Rules<TopicInfo, true>;
  /** @internal */
  readonly closes: Rules<CloseInfo, CloseEffect>;
  private readonly targets: StreamFaultTargets;

  constructor(targets: StreamFaultTargets, random: () => number) {
    this.targets = targets;
    this.handshakes = new Rules(random);
    this.replies = new Rules(random);
    this.silences = new Rules(random);
    this.closes = new Rules(random);
  }

  /** Cuts connections with a TCP reset. Answers how many. */
  drop(which: Which = 'all'): number {
    return this.hit(which, (target) => { target.reset(); }); // prettier-ignore
  }

  /** Makes peers half-open: nothing is read, sent or answered any more, and the TCP connection stays. */
  halfOpen(which: Which = 'all'): number {
    return this.hit(which, (target) => { target.freeze(); }); // prettier-ignore
  }

  /** Closes connections cleanly. */
  close(code = 1000, reason = '', which: Which = 'all'): number {
    return this.hit(which, (target) => { target.close(code, reason); }); // prettier-ignore
  }

  /** Says in the venue's words that connections will be closed, and resets them `closeAfterMs` later (default 1000; Infinity never). */
  shutdown(closeAfterMs = 1000, which: Which = 'all'): number {
    return this.hit(which, (target) => {
      target.announceShutdown();
      if (closeAfterMs === Infinity) return;
      setTimeout(() => {
        target.reset();
      }, closeAfterMs).unref();
    });
  }

  /** Sends a message as it is. */
  send(data: string | Buffer, which: Which = 'all'): number {
    return this.hit(which, (target) => { target.sendRaw(data); }); // prettier-ignore
  }

  /** Sends a message that nobody can understand. */
  garbage(kind: Garbage, which: Which = 'all'): number {
    return this.hit(which, (target) => { target.sendGarbage(kind); }); // prettier-ignore
  }

  /** Refuses handshakes with an HTTP status. `retryAfter` is in seconds. */
  refuse(status: number, when?: When<HandshakeInfo> & { readonly retryAfter?: number | undefined }): Fault {
    return this.handshakes.add({ kind: 'refuse', status, retryAfter: when?.retryAfter }, when);
  }

  /** Refuses every TCP connection, REST too, for a time; open connections stay. */
  refuseTcp(forMs: number): void {
    this.targets.refuseTcp(forMs);
  }

  /** Lets handshakes wait. */
  delayHandshake(ms: number, when?: When<HandshakeInfo>): Fault {
    return this.handshakes.add({ kind: 'delay', ms }, when);
  }

  /** Accepts and hangs up at once, or after the first acknowledgement; with a close code, or a TCP reset without. */
  flap(after: 'open' | 'ack' = 'open', when?: When<HandshakeInfo> & { readonly code?: number | undefined }): Fault {
    return this.handshakes.add({ kind: 'flap', after, code: when?.code }, when);
  }

  /** Keeps acknowledging and sends no data. */
  silence(when?: When<TopicInfo>): Fault {
    return this.silences.add(true, when);
  }

  /** Does what is asked and does not answer. */
  swallowAcks(when?: When<RequestInfo>): Fault {
    return this.replies.add({ kind: 'swallow' }, when);
  }

  /** Refuses requests with an error reply. */
  rejectRequests(code: number, msg: string, when?: When<RequestInfo>): Fault {
    return this.replies.add({ kind: 'error', code, msg }, when);
  }

  /** Closing frames are never sent. REST has the candles. */
  loseCloses(when?: When<CloseInfo>): Fault {
    return this.closes.add({ kind: 'lose' }, when);
  }

  doubleCloses(when?: When<CloseInfo>): Fault {
    return this.closes.add({ kind: 'double' }, when);
  }

  delayCloses(ms: number, when?: When<CloseInfo>): Fault {
    return this.closes.add({ kind: 'delay', ms }, when);
  }

  /** A closing frame is held back until after the next one of its series. */
  disorderCloses(when?: When<CloseInfo>): Fault {
    return this.closes.add({ kind: 'disorder' }, when);
  }

  rewriteCloses(how: Rewrite, when?: When<CloseInfo>): Fault {
    return this.closes.add({ kind: 'rewrite', how }, when);
  }

  clear(): void {
    for (const rules of [this.handshakes, this.replies, this.silences, this.closes]) rules.clear();
  }

  private hit(which: Which, act: (target: StreamFaultTarget) => void): number {
    const targets = this.targets.select(which);
    targets.forEach(act);
    return targets.length;
  }
}
