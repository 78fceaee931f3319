import { Observable, type Subscriber, type Unsubscribable } from 'rxjs';
import { choosePlace } from '../../core/sharding.ts';
import type { SeriesSignal, StreamSnapshot } from '../../ports/candle-stream.ts';
import type { CandleMessage, SeriesKey, Topic } from '../../ports/stream-protocol.ts';
import type { CandleStreamOptions, ObservableCandleStream } from './connection-context.ts';
import { PooledConnection } from './pooled-connection.ts';
import { StreamCounters } from './stream-counters.ts';
import { TopicRegistry, type TopicEntry } from './topic-registry.ts';

/**
 * Candles as the exchange pushes them, over as many connections as the venue's limits ask for.
 *
 * Nothing is opened before the first subscription. A topic stays on the connection it was given; a connection that
 * carries nothing is closed within a second. Time: `scheduler` alone.
 */
export function candleStream(options: CandleStreamOptions, counters = new StreamCounters()): ObservableCandleStream {
  return new ConnectionPool(options, counters);
}

/** Shared by all topics: most have no listeners of running candles. */
const NONE: readonly never[] = [];

class ConnectionPool implements ObservableCandleStream {
  readonly #options: CandleStreamOptions;
  readonly #registry: TopicRegistry;
  readonly #counters: StreamCounters;
  #connections: readonly PooledConnection[] = [];

  constructor(options: CandleStreamOptions, counters: StreamCounters) {
    this.#options = options;
    this.#counters = counters;
    this.#registry = new TopicRegistry(options.protocol);
  }

  closes$(series: SeriesKey): Observable<SeriesSignal> {
    return new Observable((subscriber) => {
      const topic = this.#options.protocol.topicOf(series);
      const known = this.#registry.get(topic);
      const entry = known ?? this.#newEntry(topic);
      entry.closes = entry.closes.concat(subscriber);
      if (known === undefined) entry.connection.add(topic);
      // A topic that was just left may still be acknowledged.
      entry.live ||= entry.connection.isAcknowledged(topic);
      if (entry.live) subscriber.next('live');
      return new Listening(this, entry, subscriber);
    });
  }

  running$(series: SeriesKey): Observable<CandleMessage> {
    return new Observable((subscriber) => {
      const entry = this.#registry.get(this.#options.protocol.topicOf(series));
      if (entry === undefined) return undefined;
      entry.running = entry.running.concat(subscriber);
      entry.connection.updateRunning();
      return () => {
        entry.running = entry.running.filter((one) => one !== subscriber);
        entry.connection.updateRunning();
      };
    });
  }

  refresh(series: SeriesKey): void {
    const topic = this.#options.protocol.topicOf(series);
    this.#registry.get(topic)?.connection.refresh(topic);
  }

  close(): void {
    for (const { topic } of this.#registry.entries()) this.#registry.delete(topic);
    for (const connection of this.#connections) connection.close();
    this.#connections = [];
  }

  liveTopics(): ReadonlySet<Topic> {
    const live = this.#registry.entries().filter((entry) => entry.live);
    return new Set(live.map(({ topic }) => topic));
  }

  snapshot(): StreamSnapshot {
    const { frames, reconnects, lastDataAt } = this.#counters;
    const sessions = this.#connections.flatMap((connection) => connection.sessions);
    return {
      connections: sessions.filter(({ isOpen }) => isOpen).length,
      topics: this.#registry.size,
      live: this.#registry.entries().filter(({ live }) => live).length,
      redundant: 0,
      counts: {
        ...frames,
        framesReceived: sessions.reduce((sum, { dataFrames }) => sum + dataFrames, frames.framesReceived),
      },
      reconnects: { ...reconnects },
      lastDataAt,
    };
  }

  /** The last listener removes the topic, unless it was dropped or subscribed again meanwhile. */
  leave(entry: TopicEntry, subscriber: Subscriber<SeriesSignal>): void {
    entry.closes = entry.closes.filter((one) => one !== subscriber);
    if (entry.closes.length > 0 || this.#registry.get(entry.topic) !== entry) return;
    this.#registry.delete(entry.topic);
    entry.connection.remove(entry.topic);
  }

  #newEntry(topic: Topic): TopicEntry {
    const entry = { topic, connection: this.#connectionFor(topic), closes: NONE, running: NONE, live: false };
    this.#registry.set(entry);
    return entry;
  }

  #connectionFor(topic: Topic): PooledConnection {
    const { protocol, endpoint } = this.#options;
    const url = protocol.urlOf(endpoint, topic);
    const places = this.#connections.map((connection) => ({
      topics: connection.topics.size,
      chars: connection.topics.chars,
      isWaiting: connection.isWaiting,
      fits: connection.url === url,
    }));
    const chosen = this.#connections[choosePlace(places, topic.length, protocol.limits)];
    if (chosen !== undefined) return chosen;
    const connection = new PooledConnection({
      context: { ...this.#options, url, counters: this.#counters },
      registry: this.#registry,
      onEmpty: (empty) => {
        this.#connections = this.#connections.filter((one) => one !== empty);
      },
    });
    this.#connections = [...this.#connections, connection];
    return connection;
  }
}

/** One listener of the closes of a topic. An object, since a closure per series would take twice the memory. */
class Listening implements Unsubscribable {
  readonly #pool: ConnectionPool;
  readonly #entry: TopicEntry;
  readonly #subscriber: Subscriber<SeriesSignal>;

  constructor(pool: ConnectionPool, entry: TopicEntry, subscriber: Subscriber<SeriesSignal>) {
    this.#pool = pool;
    this.#entry = entry;
    this.#subscriber = subscriber;
  }

  unsubscribe(): void {
    this.#pool.leave(this.#entry, this.#subscriber);
  }
}
