import { Observable, type Subscriber } from 'rxjs';
import { closeTimeOf, type Interval } from '../../src/core/interval.ts';
import { SessionError, type OpenSession$, type Session, type SessionEvent } from '../../src/ports/session.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Request {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly params: readonly string[];
  readonly id: number;
}

/** How a fake peer behaves; each can be changed while it runs. */
export interface PeerManners {
  /** Refuses the handshake. */
  refuse?: SessionError | undefined;
  /** Time from asking to open, ms; Infinity never answers. */
  openMs: number;
  /** Time to answer a request, ms; Infinity never does. */
  ackMs: number;
  /** An error text instead of an acknowledgement. */
  reject?: string | undefined;
  pongs: boolean;
  /** One unfinished kline of each second for every session with topics. */
  chatter: boolean;
}

/** One session as the peer sees it. */
export class FakeSession implements Session {
  dataFrames = 0;
  signsOfLife = 0;
  passRunning = false;
  pings = 0;
  readonly openedAt: number;
  /** When each message was sent, pings included. */
  readonly sentAt: number[] = [];
  readonly requests: Request[] = [];
  readonly topics = new Set<string>();
  isOpen = false;
  manners: PeerManners;
  readonly #clock: VirtualClock;
  readonly #subscriber: Subscriber<SessionEvent>;

  constructor(clock: VirtualClock, subscriber: Subscriber<SessionEvent>, manners: PeerManners) {
    this.#clock = clock;
    this.#subscriber = subscriber;
    this.manners = { ...manners };
    this.openedAt = clock.now();
  }

  begin(): void {
    const { refuse, openMs } = this.manners;
    if (refuse !== undefined) this.#after(openMs, () => this.#subscriber.error(refuse));
    else
      this.#after(openMs, () => {
        this.isOpen = true;
        this.#subscriber.next({ kind: 'open', session: this });
        this.#chat();
      });
  }

  send(text: string): void {
    const request = JSON.parse(text) as Request;
    this.sentAt.push(this.#clock.now());
    this.requests.push(request);
    this.#after(this.manners.ackMs, () => {
      this.#answer(request);
    });
  }

  ping(): void {
    this.pings++;
    this.sentAt.push(this.#clock.now());
    if (this.manners.pongs) this.#after(1, () => this.signsOfLife++);
  }

  /** The peer closes, or the socket breaks. */
  end(closeCode = 1006): void {
    this.#subscriber.error(new SessionError('ended', `ended ${String(closeCode)}`, { closeCode }));
  }

  /** Any text as a frame. */
  say(text: string): void {
    if (!this.isOpen) return;
    this.signsOfLife++;
    this.#subscriber.next({ kind: 'frame', frame: Buffer.from(text) });
  }

  /** A kline of this open time; an unfinished one is told only where it is asked for. */
  kline(topic: string, timestamp: number, closed: boolean): void {
    if (!this.isOpen) return;
    if (closed || this.passRunning) {
      this.say(klineFrame(topic, timestamp, closed));
      return;
    }
    this.signsOfLife++;
    this.dataFrames++;
  }

  stop(): void {
    this.isOpen = false;
  }

  #answer({ method, params, id }: Request): void {
    const { reject } = this.manners;
    if (reject !== undefined) {
      this.say(JSON.stringify({ error: { code: 2, msg: reject }, id }));
      return;
    }
    for (const topic of params) this.topics[method === 'SUBSCRIBE' ? 'add' : 'delete'](topic);
    this.say(JSON.stringify({ result: null, id }));
  }

  #chat(): void {
    this.#after(1000, () => {
      const [topic] = this.topics;
      if (topic !== undefined && this.manners.chatter) this.kline(topic, 60_000, false);
      this.#chat();
    });
  }

  #after(ms: number, work: () => void): void {
    if (ms === Infinity) return;
    this.#clock.schedule(() => {
      if (!this.#subscriber.closed) work();
    }, ms);
  }
}

/** A peer that opens sessions as it is told. */
export class FakePeer {
  readonly sessions: FakeSession[] = [];
  readonly urls: string[] = [];
  readonly manners: PeerManners = { openMs: 10, ackMs: 10, pongs: true, chatter: true };
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get open(): readonly FakeSession[] {
    return this.sessions.filter((session) => session.isOpen);
  }

  get last(): FakeSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error('no session yet');
    return session;
  }

  /** A close on every open session that carries the topic. */
  close(topic: string, timestamp: number): void {
    for (const session of this.open) if (session.topics.has(topic)) session.kline(topic, timestamp, true);
  }

  readonly openSession$: OpenSession$ = (url) =>
    new Observable((subscriber) => {
      const session = new FakeSession(this.#clock, subscriber, this.manners);
      this.sessions.push(session);
      this.urls.push(url);
      session.begin();
      return () => {
        session.stop();
      };
    });
}

/** `btcusdt@kline_1m` as Binance sends it, at a price of its open time in minutes. */
export function klineFrame(topic: string, timestamp: number, closed: boolean): string {
  const [name = '', interval = ''] = topic.split('@kline_');
  const closeTime = closeTimeOf(timestamp, interval as Interval);
  const price = String(100 + timestamp / 60_000);
  const s = name.toUpperCase();
  const k = { t: timestamp, T: closeTime, s, i: interval, f: 1, L: 2, o: price, c: price, h: price, l: price };
  const rest = { v: '1.5', n: 2, x: closed, q: '150.0', V: '0.5', Q: '50.0', B: '0' };
  const data = { e: 'kline', E: closed ? closeTime + 5 : timestamp + 250, s, k: { ...k, ...rest } };
  return JSON.stringify({ stream: topic, data });
}
