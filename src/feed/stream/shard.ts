import type { Subscription } from 'rxjs';
import type { FeedError } from '../../core/errors.ts';
import type { DisconnectReason } from '../../core/events.ts';
import { SessionError } from '../../ports/session.ts';
import type { Topic } from '../../venues/venue.ts';
import { after } from '../after.ts';
import { Renewal } from './renewal.ts';
import { Replacement } from './replacement.ts';
import { Retries } from './retries.ts';
import { SessionLink, type LinkEnd, type LinkOwner } from './session-link.ts';
import type { DecodedKline, StreamParts } from './stream-parts.ts';
import type { TopicBook } from './topic-book.ts';

/** A connection that carries nothing is kept so long for the next topic, ms. */
const LINGER_MS = 250;

export interface ShardHost {
  readonly parts: StreamParts;
  readonly book: TopicBook;
  /** The shard carries nothing any more and has closed its session. */
  onEmpty(shard: Shard): void;
}

/**
 * The topics of one connection, and the only owner of its sessions: the one in use, the one that will replace it,
 * and the timer that waits for the next.
 */
export class Shard implements LinkOwner {
  readonly topics = new Set<Topic>();
  readonly #host: ShardHost;
  readonly #parts: StreamParts;
  readonly #replacement: Replacement;
  readonly #renewal: Renewal;
  readonly #retries: Retries;
  #main: SessionLink | undefined;
  #retry: Subscription | undefined;
  #linger: Subscription | undefined;

  constructor(host: ShardHost) {
    this.#host = host;
    this.#parts = host.parts;
    this.#replacement = new Replacement(host.parts, {
      main: () => this.#main,
      newLink: () => this.#newLink(),
      takeOver: (spare, reason) => {
        this.#takeOver(spare, reason);
      },
      onClosed: (link, reason) => {
        this.#closed(link, reason);
      },
    });
    this.#retries = new Retries(host.parts);
    this.#renewal = new Renewal(host.parts, this.#replacement);
  }

  get links(): readonly SessionLink[] {
    return [this.#main, this.#replacement.spare].filter((link) => link !== undefined);
  }

  add(topic: Topic): void {
    this.#linger?.unsubscribe();
    this.topics.add(topic);
    if (this.#main === undefined && this.#retry === undefined) this.#connect();
    else for (const link of this.links) link.update();
  }

  remove(topic: Topic): void {
    this.topics.delete(topic);
    this.#renewal.forget(topic);
    for (const link of this.links) link.update();
    if (this.topics.size > 0) return;
    this.#linger = after(this.#parts.scheduler, this.links.length === 0 ? 0 : LINGER_MS, () => {
      this.close();
      this.#host.onEmpty(this);
    });
  }

  /** Tells the listeners of these topics whether an open session carries them. */
  tellLive(topics: Iterable<Topic>): void {
    for (const topic of [...topics]) {
      this.#host.book.setLive(
        topic,
        this.links.some((link) => link.isAcknowledged(topic)),
      );
    }
  }

  /** Somebody has begun or ceased to want running candles. */
  updateRunning(): void {
    const wanted = [...this.topics].some((topic) => this.#host.book.wantsRunning(topic));
    for (const link of this.links) link.setPassRunning(wanted);
  }

  refresh(topic: Topic): void {
    this.#renewal.refresh(topic);
  }

  close(): void {
    this.#retry?.unsubscribe();
    this.#linger?.unsubscribe();
    this.#renewal.stop();
    const links = this.links;
    this.#replacement.release();
    this.#main = undefined;
    for (const link of links) {
      link.close();
      this.#publishDisconnected(link, 'no longer needed');
    }
  }

  onOpen(link: SessionLink): void {
    this.#parts.publish({ type: 'CONNECTED', connection: link.connection, url: this.#parts.url });
    this.updateRunning();
    if (link === this.#main) this.#renewal.watch(link);
  }

  onAcknowledged(_link: SessionLink, topics: readonly Topic[]): void {
    this.tellLive(topics);
  }

  onKline(_link: SessionLink, kline: DecodedKline): void {
    const topic = this.#parts.venue.topicOf(kline.candle.symbol, kline.candle.interval);
    if (kline.closed) {
      this.#parts.counters.closes++;
      this.#renewal.onClosed(topic);
    }
    this.#host.book.deliver(topic, kline);
  }

  onShutdown(link: SessionLink): void {
    if (link === this.#main) this.#replacement.request('server shutdown');
    else this.#giveUp(link, 'server shutdown', 'the venue closes the new connection too');
  }

  /** A session that delivers is replaced beside its life; one that does not has nothing to lose. */
  onTrouble(link: SessionLink, reason: DisconnectReason, detail: string): void {
    const delivers = link.dataFrames > 0 && link.silentMs < this.#parts.silenceMs;
    if (link === this.#main && delivers) this.#replacement.request(reason);
    else this.#giveUp(link, reason, detail);
  }

  onTick(link: SessionLink): void {
    if (link === this.#main) this.#renewal.checkSilence(link);
  }

  onEnded(link: SessionLink, end: LinkEnd): void {
    this.#publishDisconnected(link, end.reason, end.error);
    if (link === this.#main) this.#mainEnded(link, end);
    else if (link === this.#replacement.spare) this.#replacement.fail(end);
    this.tellLive(this.topics);
  }

  #giveUp(link: SessionLink, reason: DisconnectReason, detail: string): void {
    link.close();
    this.onEnded(link, { reason, error: new SessionError('ended', detail) });
  }

  #newLink(): SessionLink {
    return new SessionLink(this.#parts, this, this.topics);
  }

  #connect(): void {
    const { gate, scheduler } = this.#parts;
    const wait = gate.waitMs(scheduler.now());
    if (wait > 0) {
      this.#connectAfter(wait);
      return;
    }
    gate.take(scheduler.now());
    this.#main = this.#newLink();
    this.#main.open();
  }

  #connectAfter(delayMs: number): void {
    this.#retry = after(this.#parts.scheduler, delayMs, () => {
      this.#retry = undefined;
      this.#connect();
    });
  }

  #mainEnded(link: SessionLink, end: LinkEnd): void {
    this.#renewal.unwatch();
    this.#parts.counters.countReconnect(end.reason);
    this.#main = this.#replacement.release();
    if (this.#main === undefined) this.#retryAfter(link, end);
    else if (this.#retries.isProductive(link, end)) this.#retries.reset();
    if (this.#main?.isOpen === true) this.#renewal.watch(this.#main);
  }

  #retryAfter(link: SessionLink, end: LinkEnd): void {
    const delayMs = this.#retries.next(link, end);
    if (typeof delayMs !== 'number') {
      this.#fail(delayMs);
      return;
    }
    const { attempt } = this.#retries;
    const { url, publish } = this.#parts;
    publish({ type: 'RECONNECTING', url, attempt, delayMs, reason: end.reason, detail: end.error.message });
    this.#connectAfter(delayMs);
  }

  #takeOver(spare: SessionLink, reason: DisconnectReason): void {
    const old = this.#main;
    this.#main = spare;
    this.#retries.reset();
    this.#parts.counters.countReconnect(reason);
    this.#renewal.watch(spare);
    if (old === undefined) return;
    old.close();
    this.#closed(old, reason);
  }

  #closed(link: SessionLink, reason: DisconnectReason): void {
    this.#publishDisconnected(link, reason);
    this.tellLive(this.topics);
  }

  #fail(error: FeedError): void {
    const topics = [...this.topics];
    this.topics.clear();
    this.close();
    this.#host.onEmpty(this);
    this.#host.book.fail(topics, error);
  }

  /** A handshake that was refused never was a connection. */
  #publishDisconnected(link: SessionLink, reason: DisconnectReason, error?: SessionError): void {
    if (!link.wasOpen) return;
    const event = { type: 'DISCONNECTED', connection: link.connection, reason } as const;
    if (error === undefined) this.#parts.publish(event);
    else
      this.#parts.publish({
        ...event,
        detail: error.message,
        ...(error.closeCode > 0 && { closeCode: error.closeCode }),
      });
  }
}
