import { Observable, type Subscriber } from 'rxjs';
import type { Candle } from '../../src/core/candle.ts';
import { nextOpenTime } from '../../src/core/interval.ts';
import { SessionError, type OpenSession$, type Session, type SessionEvent } from '../../src/ports/session.ts';
import type { SimDialect, ToldCandle } from './sim-dialect.ts';
import { chanceOf } from './sim-random.ts';
import type { SimTime } from './sim-time.ts';
import type { Series, Truth } from './sim-truth.ts';
import type { Weather } from './sim-weather.ts';

export interface SimStreamParts {
  readonly time: SimTime;
  readonly truth: Truth;
  readonly weather: Weather;
  readonly dialect: SimDialect;
  /** From a close to its frame, ms: least and most. */
  readonly latenessMs: readonly [number, number];
}

/** One session as the exchange sees it. */
export class SimSession implements Session {
  dataFrames = 0;
  signsOfLife = 0;
  passRunning = false;
  isOpen = false;
  /** The peer is gone and nobody was told. */
  isHalfOpen = false;
  readonly topics = new Set<string>();
  readonly number: number;
  readonly #stream: SimStream;
  readonly #subscriber: Subscriber<SessionEvent>;

  constructor(number: number, stream: SimStream, subscriber: Subscriber<SessionEvent>) {
    this.number = number;
    this.#stream = stream;
    this.#subscriber = subscriber;
  }

  open(): void {
    this.isOpen = true;
    this.#subscriber.next({ kind: 'open', session: this });
  }

  send(text: string): void {
    this.#stream.hear(this, text);
  }

  ping(): void {
    this.#stream.onPing(this);
  }

  /** What has come to the client. */
  say(data: string | Buffer): void {
    this.whileConnected(() => {
      this.signsOfLife++;
      this.#subscriber.next({ kind: 'frame', frame: Buffer.from(data) });
    });
  }

  /** An update of a running candle: told where asked for, else counted. */
  update(text: () => string): void {
    if (this.passRunning) this.say(text());
    else this.whileConnected(() => {
      this.signsOfLife++;
      this.dataFrames++;
    }); // prettier-ignore
  }

  whileConnected(work: () => void): void {
    if (this.isOpen && !this.isHalfOpen && !this.#subscriber.closed) work();
  }

  end(kind: 'refused' | 'ended', details: { status?: number; closeCode?: number } = {}): void {
    this.isOpen = false;
    this.#subscriber.error(new SessionError(kind, `${kind} by the simulator`, details));
  }
}

const LATENCY_MS = 30;

/** The exchange's stream: sessions, acknowledgements, closes and all that may befall them. */
export class SimStream {
  readonly sessions: SimSession[] = [];
  /** Refuses every handshake with this status. */
  refuseWith: number | undefined;
  /** How long a handshake takes, ms. */
  handshakeMs = 40;
  /** Closes that are never sent, and what else a scenario wants to happen to one. */
  swallow: (series: Series, openTime: number) => boolean = () => false;
  /** More lateness of one close, ms. */
  delay: (series: Series, openTime: number) => number = () => 0;
  readonly #parts: SimStreamParts;
  readonly #scheduled = new Set<string>();

  constructor(parts: SimStreamParts) {
    this.#parts = parts;
  }

  get open(): readonly SimSession[] {
    return this.sessions.filter(({ isOpen }) => isOpen);
  }

  readonly openSession$: OpenSession$ = () =>
    new Observable((subscriber) => {
      const session = new SimSession(this.sessions.length + 1, this, subscriber);
      this.sessions.push(session);
      this.#shakeHands(session, subscriber);
      return () => {
        session.isOpen = false;
      };
    });

  /** Ends every open session. */
  dropAll(closeCode = 1006): void {
    for (const session of this.open) session.end('ended', { closeCode });
  }

  hear(session: SimSession, text: string): void {
    this.#after(session, () => {
      const { dialect, time, weather } = this.#parts;
      const { subscribe = [], unsubscribe = [], acks, others } = dialect.hear(text, session.topics, time.exchange);
      for (const topic of unsubscribe) session.topics.delete(topic);
      for (const topic of subscribe) {
        session.topics.add(topic);
        this.#scheduleCloses(topic);
      }
      for (const reply of others) this.#toClient(session, reply);
      if (acks.length > 0 && !weather.hits('no ack', time.exchange))
        for (const ack of acks) this.#toClient(session, ack);
    });
  }

  onPing(session: SimSession): void {
    this.#parts.time.in(2 * LATENCY_MS, () => session.whileConnected(() => session.signsOfLife++));
  }

  #shakeHands(session: SimSession, subscriber: Subscriber<SessionEvent>): void {
    const { time, weather } = this.#parts;
    const isSlow = weather.hits('slow handshake', time.exchange);
    time.in(isSlow ? this.handshakeMs + 15_000 * weather.roll() : this.handshakeMs, () => {
      if (subscriber.closed) return;
      if (this.refuseWith !== undefined) session.end('refused', { status: this.refuseWith });
      else if (weather.hits('refuse', time.exchange)) session.end('refused', { status: 503 });
      else {
        session.open();
        this.#live(session);
      }
    });
  }

  /** Once a second: updates, and what may befall a session. */
  #live(session: SimSession): void {
    const { time } = this.#parts;
    time.in(1000, () => {
      if (!session.isOpen) return;
      this.#befall(session);
      for (const topic of session.topics) this.#update(session, topic);
      this.#live(session);
    });
  }

  #befall(session: SimSession): void {
    const { time, weather, dialect } = this.#parts;
    const now = time.exchange;
    if (weather.hits('half-open', now)) session.isHalfOpen = true;
    const { garbage } = dialect;
    if (weather.hits('garbage', now))
      this.#toClient(session, garbage[Math.floor(garbage.length * weather.roll())] ?? '');
    if (weather.hits('shutdown', now)) this.#shutDown(session, now);
    if (weather.hits('drop', now)) session.end('ended', { closeCode: weather.roll() < 0.5 ? 1000 : 1006 });
  }

  /** The venue may say so, and then it closes the connection. */
  #shutDown(session: SimSession, now: number): void {
    const { time, weather, dialect } = this.#parts;
    const notice = dialect.goingAway(now);
    if (notice !== null) this.#toClient(session, notice);
    time.in(1000 + 4000 * weather.roll(), () => {
      if (session.isOpen) session.end('ended', { closeCode: 1001 });
    });
  }

  #update(session: SimSession, topic: string): void {
    const { time, dialect } = this.#parts;
    const now = time.exchange;
    if (this.#isSilent(session, topic)) return;
    const candle = this.#runningAt(topic, now);
    if (candle === undefined || candle.volume === 0) return;
    time.in(LATENCY_MS, () => {
      session.update(() => dialect.frameOf(topic, [{ candle, closed: false }], now));
    });
  }

  #runningAt(topic: string, now: number): Candle | undefined {
    const { truth, dialect } = this.#parts;
    const series = dialect.seriesOf(topic);
    return truth.rowAt(series, truth.openTimeAt(now, series.interval), { now, movesAfterCloseMs: 0 });
  }

  /** One close of a topic after another, for as long as somebody wants them. */
  #scheduleCloses(topic: string): void {
    if (this.#scheduled.has(topic)) return;
    this.#scheduled.add(topic);
    const { time, truth, dialect } = this.#parts;
    const { interval } = dialect.seriesOf(topic);
    // The candles before may have their frames still to come.
    const running = truth.openTimeAt(time.exchange, interval);
    const before = truth.openTimeAt(running - 1, interval);
    for (const slot of [truth.openTimeAt(before - 1, interval), before]) this.#scheduleRows(topic, slot);
    this.#scheduleSlot(topic, running);
  }

  #scheduleSlot(topic: string, slot: number): void {
    const { time, dialect } = this.#parts;
    const { interval } = dialect.seriesOf(topic);
    this.#scheduleRows(topic, slot);
    // The next is scheduled at the boundary: a late one must not hold it back.
    time.at(Math.max(time.exchange, nextOpenTime(slot, interval)), () => {
      if (this.sessions.some(({ isOpen, topics }) => isOpen && topics.has(topic)))
        this.#scheduleSlot(topic, nextOpenTime(slot, interval));
      else this.#scheduled.delete(topic);
    });
  }

  #scheduleRows(topic: string, slot: number): void {
    const { time, truth, dialect } = this.#parts;
    const series = dialect.seriesOf(topic);
    for (const openTime of truth.rowTimes(series, slot)) {
      const row = truth.rowAt(series, openTime, { now: Infinity, movesAfterCloseMs: 0 });
      const sendAt = (row?.closeTime ?? -Infinity) + 1 + this.#latenessOf(topic, openTime);
      if (row === undefined || sendAt <= time.exchange) continue;
      time.at(sendAt, () => {
        this.#close(topic, row);
      });
    }
  }

  /** From the close to its frame, ms. */
  #latenessOf(topic: string, openTime: number): number {
    const [least, most] = this.#parts.latenessMs;
    return least + (most - least) * chanceOf(this.#parts.truth.options.seed, 'late', topic, openTime);
  }

  #close(topic: string, candle: Candle): void {
    if (this.swallow(this.#parts.dialect.seriesOf(topic), candle.timestamp)) return;
    for (const session of this.open) if (session.topics.has(topic)) this.#closeOn(session, topic, candle);
  }

  #closeOn(session: SimSession, topic: string, candle: Candle): void {
    const { time, weather, dialect } = this.#parts;
    const now = time.exchange;
    if (this.#isSilent(session, topic) || weather.hits('lose close', now)) return;
    const extra = weather.hits('late close', now) ? 20_000 * weather.roll() ** 2 : 0;
    const text = this.#closeText(topic, candle, now);
    const wait = extra + this.delay(dialect.seriesOf(topic), candle.timestamp);
    time.in(wait, () => {
      this.#toClient(session, text);
    });
    if (!weather.hits('double close', now)) return;
    time.in(wait + 5000 * weather.roll(), () => {
      this.#toClient(session, text);
    });
  }

  /** A close, and what runs by then, where the venue tells both at once. */
  #closeText(topic: string, candle: Candle, now: number): string {
    const { dialect } = this.#parts;
    const running = dialect.tellsSuccessor ? this.#runningAt(topic, now) : undefined;
    const told: ToldCandle[] = [{ candle, closed: true }];
    if (running !== undefined && running.timestamp > candle.timestamp) told.push({ candle: running, closed: false });
    return dialect.frameOf(topic, told, candle.closeTime + 3);
  }

  #isSilent(session: SimSession, topic: string): boolean {
    const { time, weather } = this.#parts;
    const now = time.exchange;
    return (
      weather.hitsThis('silence', now, String(session.number)) ||
      weather.hitsThis('silent topic', now, `${String(session.number)} ${topic}`)
    );
  }

  #toClient(session: SimSession, data: string | Buffer): void {
    this.#parts.time.in(LATENCY_MS, () => {
      session.say(data);
    });
  }

  #after(session: SimSession, work: () => void): void {
    this.#parts.time.in(LATENCY_MS, () => {
      session.whileConnected(work);
    });
  }
}
