import { isInterval } from '../../core/interval.ts';
import { CloseScheduler } from './close-scheduler.ts';
import type { Connection } from './connection.ts';
import type { LiveTopic } from './live-topic.ts';
import { Updates } from './updates.ts';
import type { VenueState, ExchangeState } from './exchange-state.ts';

/** Who is subscribed to what, and the pushing of it. */
export class Publisher {
  private readonly exchange: ExchangeState;
  private readonly closes: CloseScheduler;
  private readonly updates: Updates;
  private readonly topics = new Map<string, LiveTopic>();
  private made = 0;

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
    this.closes = new CloseScheduler(exchange);
    this.updates = new Updates(exchange);
  }

  /** Unknown names are taken and stay silent, as on the real exchange (docs/protocol.md, Subscribing). */
  join(connection: Connection, name: string): void {
    const key = `${connection.venue} ${name}`;
    const topic = this.topics.get(key) ?? this.create(connection.state, name, key);
    if (topic === undefined) return;
    topic.subscribers.add(connection);
    this.exchange.stats.topics = this.topics.size;
  }

  leave(connection: Connection, name: string): void {
    const topic = this.topics.get(`${connection.venue} ${name}`);
    if (topic === undefined) return;
    topic.subscribers.delete(connection);
    if (topic.subscribers.size === 0) this.remove(topic);
    this.exchange.stats.topics = this.topics.size;
  }

  stop(): void {
    for (const topic of [...this.topics.values()]) this.remove(topic);
  }

  private create(state: VenueState, name: string, key: string): LiveTopic | undefined {
    const { dialect, symbols } = state;
    const { symbol: spelling = '', interval } = dialect.stream.seriesOf(name) ?? {};
    const symbol = symbols.get(spelling);
    if (symbol === undefined || !isInterval(interval) || !dialect.rules.intervals.includes(interval)) return undefined;
    const topic: LiveTopic = {
      key,
      name,
      venue: state,
      symbol,
      interval,
      slot: this.made++,
      subscribers: new Set(),
      shown: '',
      held: undefined,
    };
    this.topics.set(key, topic);
    if (this.exchange.options.publish === false) return topic;
    this.closes.add(topic);
    this.updates.add(topic);
    return topic;
  }

  private remove(topic: LiveTopic): void {
    this.topics.delete(topic.key);
    this.closes.remove(topic);
    this.updates.remove(topic);
  }
}
