import type { SchedulerLike, Subscription } from 'rxjs';
import { slidingWindow, type SlidingWindow } from '../../core/pacing.ts';
import { differenceOf } from '../../core/set-difference.ts';
import type { Session } from '../../ports/session.ts';
import type { Topic, Venue } from '../../venues/venue.ts';
import { after } from '../after.ts';

/** How long the venue may take to answer a request, ms. */
const ANSWER_DEADLINE_MS = 10_000;
/** Changes within this time go out as one request, ms. */
const BATCH_MS = 5;
/** A second and a quarter: messages sent in different seconds can reach the venue within one. */
const PACING_WINDOW_MS = 1250;

export interface TopicTalkOptions {
  readonly venue: Venue;
  readonly scheduler: SchedulerLike;
  readonly wanted: ReadonlySet<Topic>;
  readonly onAcknowledged: (topics: readonly Topic[]) => void;
}

interface Request {
  readonly verb: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly topics: readonly Topic[];
  readonly sentAt: number;
}

/**
 * What one session has been told and has acknowledged. A session starts out knowing nothing and is told the
 * difference to what is wanted, in few requests and within the venue's pace; first subscribe, late subscribe and
 * reconnect are the same.
 */
export class TopicTalk {
  /** Topic → id of the request that asked for it last. */
  readonly #told = new Map<Topic, number>();
  readonly #acknowledged = new Set<Topic>();
  readonly #unanswered = new Map<number, Request>();
  readonly #options: TopicTalkOptions;
  readonly #pace: SlidingWindow;
  #session: Session | undefined;
  #lastId = 0;
  #timer: Subscription | undefined;

  constructor(options: TopicTalkOptions) {
    this.#options = options;
    this.#pace = slidingWindow(options.venue.stream.messagesPerSecond, PACING_WINDOW_MS);
  }

  start(session: Session): void {
    this.#session = session;
    this.#tell();
  }

  stop(): void {
    this.#session = undefined;
    this.#timer?.unsubscribe();
  }

  /** What is wanted has changed. */
  update(): void {
    if (this.#session !== undefined && this.#timer === undefined) this.#tellAfter(BATCH_MS);
  }

  isAcknowledged(topic: Topic): boolean {
    return this.#acknowledged.has(topic);
  }

  get allAcknowledged(): boolean {
    const { wanted } = this.#options;
    if (this.#acknowledged.size < wanted.size) return false;
    for (const topic of wanted) if (!this.#acknowledged.has(topic)) return false;
    return true;
  }

  get isOverdue(): boolean {
    const [oldest] = this.#unanswered.values();
    return oldest !== undefined && oldest.sentAt + ANSWER_DEADLINE_MS <= this.#options.scheduler.now();
  }

  /** False when the venue refused a request of ours. A refusal without an id is that of the oldest. */
  onReply(id: number | null, error: string | null): boolean {
    const answered = id ?? [...this.#unanswered.keys()][0];
    const request = answered === undefined ? undefined : this.#unanswered.get(answered);
    if (answered === undefined || request === undefined) return error === null;
    this.#unanswered.delete(answered);
    if (error !== null) return false;
    if (request.verb === 'SUBSCRIBE') this.#acknowledge(request.topics, answered);
    return true;
  }

  /** A ping is a message too where the venue counts them: false when there is no room for it now. */
  ping(): boolean {
    const now = this.#options.scheduler.now();
    if (this.#session === undefined || this.#pace.waitMs(now) > 0) return false;
    this.#pace.take(now);
    this.#session.ping();
    return true;
  }

  /** A topic that was dropped and asked for again meanwhile waits for its later request. */
  #acknowledge(topics: readonly Topic[], id: number): void {
    const fresh = topics.filter((topic) => this.#told.get(topic) === id);
    for (const topic of fresh) this.#acknowledged.add(topic);
    this.#options.onAcknowledged(fresh);
  }

  #tellAfter(delayMs: number): void {
    this.#timer = after(this.#options.scheduler, delayMs, () => {
      this.#timer = undefined;
      this.#tell();
    });
  }

  #tell(): void {
    const { removed, added } = differenceOf(this.#told, this.#options.wanted);
    const limit = this.#options.venue.stream.topicsPerRequest;
    for (const topics of batchesOf(removed, limit)) if (!this.#request('UNSUBSCRIBE', topics)) return;
    for (const topics of batchesOf(added, limit)) if (!this.#request('SUBSCRIBE', topics)) return;
  }

  /** False when the pace allows no message now; the rest of the difference is told later. */
  #request(verb: 'SUBSCRIBE' | 'UNSUBSCRIBE', topics: readonly Topic[]): boolean {
    const now = this.#options.scheduler.now();
    const wait = this.#pace.waitMs(now);
    if (wait > 0 && this.#timer === undefined) this.#tellAfter(wait);
    if (wait > 0 || this.#session === undefined) return false;
    this.#pace.take(now);
    const id = ++this.#lastId;
    this.#unanswered.set(id, { verb, topics, sentAt: now });
    for (const topic of topics) this.#note(verb, topic, id);
    this.#session.send(this.#options.venue.encode(verb, topics, id));
    return true;
  }

  #note(verb: 'SUBSCRIBE' | 'UNSUBSCRIBE', topic: Topic, id: number): void {
    if (verb === 'SUBSCRIBE') this.#told.set(topic, id);
    else this.#told.delete(topic);
    this.#acknowledged.delete(topic);
  }
}

function* batchesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
