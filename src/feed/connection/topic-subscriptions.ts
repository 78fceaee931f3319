import type { SchedulerLike, Subscription } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { differenceOf } from '../../core/set-difference.ts';
import type { Session } from '../../ports/session.ts';
import type { StreamMessage, StreamProtocol, StreamRequest, Topic } from '../../ports/stream-protocol.ts';
import { after } from '../after.ts';
import { RefusedTopics } from './refused-topics.ts';
import { SendWindows } from './send-windows.ts';
import type { SessionMessage } from './session-message.ts';
import type { TopicSet } from './topic-set.ts';

/** How long the venue may take to answer a request, ms. */
const ANSWER_DEADLINE_MS = 10_000;
/** Changes within this time are batched into one request, ms. */
const BATCH_MS = 5;

export interface TopicSubscriptionsOptions {
  readonly protocol: StreamProtocol;
  readonly scheduler: SchedulerLike;
  readonly wanted: TopicSet;
  /** Exchange time, ms UTC. Default the scheduler's time. */
  readonly exchangeNow?: (() => EpochMs) | undefined;
}

interface Pending {
  readonly verb: 'subscribe' | 'unsubscribe';
  /** Those not answered yet. */
  readonly topics: Set<Topic>;
  readonly sentAt: number;
}

type Reply = Extract<StreamMessage, { readonly kind: 'ack' | 'rejected' }>;

/**
 * Topics requested and acknowledged on one session. A session starts with none and is sent the difference
 * to what is wanted, in few requests and within the venue's limits; first subscribe, late subscribe and reconnect are
 * the same.
 */
export class TopicSubscriptions {
  /** Topic → id of the request that asked for it last. */
  readonly #requested = new Map<Topic, string>();
  readonly #acknowledged = new Set<Topic>();
  readonly #refused: RefusedTopics;
  readonly #pending = new Map<string, Pending>();
  readonly #options: TopicSubscriptionsOptions;
  readonly #windows: SendWindows;
  #session: Session | undefined;
  #lastId = 0;
  #timer: Subscription | undefined;

  constructor(options: TopicSubscriptionsOptions) {
    this.#options = options;
    const onDue = (topics: readonly Topic[]) => {
      for (const topic of topics) this.#requested.delete(topic);
      this.update();
    };
    this.#refused = new RefusedTopics({ scheduler: options.scheduler, onDue });
    this.#windows = new SendWindows(options.protocol.limits);
  }

  start(session: Session): void {
    this.#session = session;
    this.#send();
  }

  stop(): void {
    this.#session = undefined;
    this.#timer?.unsubscribe();
    this.#refused.stop();
  }

  /** What is wanted has changed. */
  update(): void {
    if (this.#session !== undefined && this.#timer === undefined) this.#sendAfter(BATCH_MS);
  }

  isAcknowledged(topic: Topic): boolean {
    return this.#acknowledged.has(topic);
  }

  /** Whether every wanted topic has been acknowledged or refused. */
  get allAcknowledged(): boolean {
    const { wanted } = this.#options;
    if (this.#acknowledged.size + this.#refused.size < wanted.size) return false;
    for (const topic of wanted.keys()) if (!this.#acknowledged.has(topic) && !this.#refused.has(topic)) return false;
    return true;
  }

  get isOverdue(): boolean {
    const [oldest] = this.#pending.values();
    return oldest !== undefined && oldest.sentAt + ANSWER_DEADLINE_MS <= this.#options.scheduler.now();
  }

  /** Matches a reply to its request. A reply without an id belongs to the oldest open request. */
  answer(reply: Reply): SessionMessage {
    const id = reply.id ?? this.#idOf(reply.topics);
    const pending = this.#pending.get(id);
    const topics = pending === undefined ? (reply.topics ?? []) : this.#settle(id, pending, reply.topics);
    if (reply.kind === 'rejected') return this.#refuse(reply, topics);
    return { kind: 'acknowledged', topics: pending?.verb === 'subscribe' ? this.#acknowledge(topics, id) : [] };
  }

  /** A ping is a message too where the venue counts them: false when there is no room for it now. */
  ping(): boolean {
    const { scheduler, protocol } = this.#options;
    const { keepAlive } = protocol;
    if (this.#session === undefined || this.#windows.waitMs(scheduler.now(), true) > 0) return false;
    this.#windows.take(scheduler.now(), true);
    if (keepAlive.ping === 'frame') this.#session.ping();
    else this.#session.send(keepAlive.text);
    return true;
  }

  /** Id of the request that a reply without one answers; empty for none. */
  #idOf(topics: readonly Topic[] = []): string {
    const [topic] = topics;
    return (topic === undefined ? [...this.#pending.keys()][0] : this.#requested.get(topic)) ?? '';
  }

  /** The topics that an answer speaks of: those it names, or all of the request. */
  #settle(id: string, { topics: open }: Pending, named?: readonly Topic[]): readonly Topic[] {
    const topics = named ?? [...open];
    for (const topic of topics) open.delete(topic);
    if (open.size === 0) this.#pending.delete(id);
    return topics;
  }

  /** A venue that names the topics refuses them alone; one that does not refuses the request. */
  #refuse(
    { topics, scope, reason }: Extract<Reply, { readonly kind: 'rejected' }>,
    about: readonly Topic[],
  ): SessionMessage {
    if (topics === undefined && scope !== 'topics') return { kind: 'trouble', reason: 'rejected', detail: reason };
    this.#refused.add(about);
    return { kind: 'ignored' }; // told where frames are decoded
  }

  /** A topic that was dropped and asked for again meanwhile waits for its later request. */
  #acknowledge(topics: readonly Topic[], id: string): readonly Topic[] {
    const fresh = topics.filter((topic) => this.#requested.get(topic) === id);
    for (const topic of fresh) {
      this.#acknowledged.add(topic);
      this.#refused.delete(topic);
    }
    return fresh;
  }

  #sendAfter(delayMs: number): void {
    this.#timer = after(this.#options.scheduler, delayMs, () => {
      this.#timer = undefined;
      this.#send();
    });
  }

  #send(): void {
    const { protocol, wanted, scheduler, exchangeNow } = this.#options;
    const { removed, added } = differenceOf(this.#requested, wanted);
    const sending = { nextId: () => String(++this.#lastId), now: exchangeNow?.() ?? scheduler.now() };
    for (const request of protocol.requests('unsubscribe', removed, sending))
      if (!this.#request('unsubscribe', request)) return;
    for (const topics of this.#apart(added))
      for (const request of protocol.requests('subscribe', topics, sending))
        if (!this.#request('subscribe', request)) return;
  }

  /** One that was refused is asked for alone: a venue may have refused it only for what it was asked for with. */
  #apart(topics: readonly Topic[]): readonly (readonly Topic[])[] {
    if (this.#refused.size === 0) return [topics];
    const others = topics.filter((topic) => !this.#refused.has(topic));
    return [others, ...topics.filter((topic) => this.#refused.has(topic)).map((topic) => [topic])];
  }

  /** False when the limits allow no message now; the rest of the difference is told later. */
  #request(verb: 'subscribe' | 'unsubscribe', { id, topics, text }: StreamRequest): boolean {
    const now = this.#options.scheduler.now();
    const wait = this.#windows.waitMs(now);
    if (wait > 0 && this.#timer === undefined) this.#sendAfter(wait);
    if (wait > 0 || this.#session === undefined) return false;
    this.#windows.take(now);
    this.#pending.set(id, { verb, topics: new Set(topics), sentAt: now });
    for (const topic of topics) this.#note(verb, topic, id);
    this.#session.send(text);
    return true;
  }

  #note(verb: 'subscribe' | 'unsubscribe', topic: Topic, id: string): void {
    if (verb === 'subscribe') this.#requested.set(topic, id);
    else this.#requested.delete(topic);
    if (verb === 'unsubscribe') this.#refused.delete(topic);
    this.#acknowledged.delete(topic);
  }
}
