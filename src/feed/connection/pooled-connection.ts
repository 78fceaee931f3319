import { Subject, Subscription, filter, map, share } from 'rxjs';
import type { FeedError } from '../../core/errors.ts';
import type { Topic } from '../../ports/stream-protocol.ts';
import { after } from '../after.ts';
import type { ConnectionContext } from './connection-context.ts';
import { connection$, isClosedCandle, toCandle, type ConnectionNotice } from './connection.ts';
import type { ManagedSession } from './managed-session.ts';
import type { TopicCarrier, TopicRegistry } from './topic-registry.ts';
import { TopicSet } from './topic-set.ts';

/** How long an empty connection is kept for the next topic, ms. */
const LINGER_MS = 250;

export interface PooledConnectionOptions {
  readonly context: ConnectionContext;
  readonly registry: TopicRegistry;
  /** It carries nothing any more and is closed. */
  readonly onEmpty: (connection: PooledConnection) => void;
}

/** The topics of one connection, and the subscription that keeps it up while there are any. */
export class PooledConnection implements TopicCarrier {
  readonly topics = new TopicSet();
  readonly url: string;
  readonly #options: PooledConnectionOptions;
  readonly #silentTopics$ = new Subject<Topic>();
  #sessions: readonly ManagedSession[] = [];
  #running: Subscription | undefined;
  #linger: Subscription | undefined;

  constructor(options: PooledConnectionOptions) {
    this.#options = options;
    this.url = options.context.url;
  }

  /** The active one first. */
  get sessions(): readonly ManagedSession[] {
    return this.#sessions;
  }

  /** Whether it waits for its next session after one that failed. */
  get isWaiting(): boolean {
    return this.#running !== undefined && this.#sessions.length === 0;
  }

  add(topic: Topic): void {
    this.#linger?.unsubscribe();
    this.topics.add(topic);
    this.#running ??= this.#run();
  }

  remove(topic: Topic): void {
    this.topics.delete(topic);
    if (this.topics.size > 0) return;
    this.#linger = after(this.#options.context.scheduler, this.#sessions.length === 0 ? 0 : LINGER_MS, () => {
      this.close();
      this.#options.onEmpty(this);
    });
  }

  isAcknowledged(topic: Topic): boolean {
    return this.#sessions.some((session) => session.isAcknowledged(topic));
  }

  updateRunning(): void {
    const { registry } = this.#options;
    this.topics.wantsRunning = [...this.topics.keys()].some((topic) => registry.wantsRunning(topic));
    for (const session of this.#sessions) session.updateRunning();
  }

  refresh(topic: Topic): void {
    this.#silentTopics$.next(topic);
  }

  close(): void {
    this.#linger?.unsubscribe();
    this.#running?.unsubscribe();
    this.#running = undefined;
    this.#sessions = [];
  }

  #run(): Subscription {
    const { context, registry } = this.#options;
    const notice = (told: ConnectionNotice): void => {
      this.#note(told);
    };
    const messages$ = connection$(this.topics, { context, silentTopics$: this.#silentTopics$, notice }).pipe(share());
    const running = new Subscription();
    const updates$ = messages$.pipe(filter((message) => !isClosedCandle(message)));
    const closes$ = messages$.pipe(filter(isClosedCandle), map(toCandle));
    running.add(
      updates$.subscribe({
        next: (message) => {
          registry.deliverRunning(message);
        },
        error: () => undefined, // reported to the listeners of closes
      }),
    );
    running.add(
      closes$.subscribe({
        next: (candle) => {
          registry.deliverClosed(candle);
        },
        error: (error: unknown) => {
          this.#fail(error as FeedError);
        },
      }),
    );
    return running;
  }

  #note(notice: ConnectionNotice): void {
    if (notice.kind === 'sessions') this.#sessions = notice.sessions;
    this.#tellLive(notice.kind === 'sessions' ? this.topics.keys() : notice.topics);
  }

  #tellLive(topics: Iterable<Topic>): void {
    for (const topic of [...topics]) this.#options.registry.setLive(topic, this.isAcknowledged(topic));
  }

  /** Reported asynchronously: the subscriber may not be ready for an error yet. */
  #fail(error: FeedError): void {
    const { registry, context, onEmpty } = this.#options;
    const tell = registry.drop([...this.topics.keys()]);
    this.topics.clear();
    this.close();
    onEmpty(this);
    after(context.scheduler, 0, () => {
      tell(error);
    });
  }
}
