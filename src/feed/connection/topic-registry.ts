import type { Subscriber } from 'rxjs';
import type { Candle } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CandleMessage, StreamProtocol, Topic } from '../../ports/stream-protocol.ts';

/** The connection that carries a topic. */
export interface TopicCarrier {
  add(topic: Topic): void;
  remove(topic: Topic): void;
  isAcknowledged(topic: Topic): boolean;
  /** Whether running candles are wanted may have changed. */
  updateRunning(): void;
  /** Acknowledged, yet silent: a fresh session may help. */
  refresh(topic: Topic): void;
}

/** A wanted topic. Lists are replaced, never mutated: a listener may unsubscribe while being notified. */
export interface TopicEntry {
  readonly topic: Topic;
  readonly connection: TopicCarrier;
  closes: readonly Subscriber<SeriesSignal>[];
  running: readonly Subscriber<CandleMessage>[];
  /** The state last reported to its listeners. */
  live: boolean;
}

/** Listeners by topic, over all connections: a close finds its listeners with one lookup. */
export class TopicRegistry {
  readonly #entries = new Map<Topic, TopicEntry>();
  readonly #topicOf: StreamProtocol['topicOf'];

  constructor({ topicOf }: Pick<StreamProtocol, 'topicOf'>) {
    this.#topicOf = topicOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(topic: Topic): TopicEntry | undefined {
    return this.#entries.get(topic);
  }

  set(entry: TopicEntry): void {
    this.#entries.set(entry.topic, entry);
  }

  delete(topic: Topic): void {
    this.#entries.delete(topic);
  }

  entries(): readonly TopicEntry[] {
    return [...this.#entries.values()];
  }

  deliverClosed(candle: Candle): void {
    for (const subscriber of this.#entries.get(this.#topicOf(candle))?.closes ?? []) subscriber.next(candle);
  }

  deliverRunning(message: CandleMessage): void {
    for (const subscriber of this.#entries.get(this.#topicOf(message.candle))?.running ?? []) subscriber.next(message);
  }

  /** Notifies the listeners of changes. */
  setLive(topic: Topic, live: boolean): void {
    const entry = this.#entries.get(topic);
    if (entry === undefined || entry.live === live) return;
    entry.live = live;
    for (const subscriber of entry.closes) subscriber.next(live ? 'live' : 'lost');
  }

  wantsRunning(topic: Topic): boolean {
    return (this.#entries.get(topic)?.running.length ?? 0) > 0;
  }

  /** Removes the topics and their listeners; those notified by the returned function may subscribe anew. */
  drop(topics: readonly Topic[]): (error: FeedError) => void {
    const entries = topics.flatMap((topic) => this.#entries.get(topic) ?? []);
    for (const { topic } of entries) this.delete(topic);
    return (error) => {
      for (const { closes, running } of entries)
        for (const subscriber of [...closes, ...running]) subscriber.error(error);
    };
  }
}
