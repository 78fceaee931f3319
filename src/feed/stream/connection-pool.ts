import type { Interval } from '../../core/interval.ts';
import { chooseShard } from '../../core/sharding.ts';
import type { SeriesListener, Watch } from '../../ports/candle-stream.ts';
import { after } from '../after.ts';
import { Shard, type ShardHost } from './shard.ts';
import { StreamCounters } from './stream-counters.ts';
import type { CandleStreamOptions, ObservableCandleStream, StreamParts, StreamSnapshot } from './stream-parts.ts';
import { TopicBook, type Follower, type TopicEntry } from './topic-book.ts';

/**
 * Closed candles as the exchange pushes them, over as many connections as the venue's limits ask for.
 *
 * Nothing is opened before the first `watch`. A topic stays on the connection it was given; a connection that carries
 * nothing is closed within a second. Listeners are called synchronously with what arrives: late, doubled and disordered
 * candles included. Time: `scheduler` alone.
 */
export function candleStream(options: CandleStreamOptions): ObservableCandleStream {
  return new ConnectionPool(options);
}

class ConnectionPool implements ObservableCandleStream, ShardHost {
  readonly parts: StreamParts;
  readonly book = new TopicBook();
  #shards: readonly Shard[] = [];

  constructor(options: CandleStreamOptions) {
    this.parts = {
      ...options,
      url: `${options.streamUrl.replace(/\/+$/, '')}/stream`,
      counters: new StreamCounters(),
    };
  }

  watch(symbol: string, interval: Interval, listener: SeriesListener): Watch {
    const topic = this.parts.venue.topicOf(symbol, interval);
    const follower: Follower = { listener, wantsRunning: false, live: false, stopped: false };
    const known = this.book.get(topic);
    const entry = known ?? { topic, shard: this.#shardWithRoom(), followers: [] };
    entry.followers = entry.followers.concat(follower);
    this.book.set(entry);
    if (known === undefined) entry.shard.add(topic);
    this.#tellLiveSoon(entry);
    return new TopicWatch(this, entry, follower);
  }

  close(): void {
    for (const entry of this.book.entries()) {
      for (const follower of entry.followers) follower.stopped = true;
      this.book.delete(entry.topic);
    }
    for (const shard of this.#shards) shard.close();
    this.#shards = [];
  }

  onEmpty(shard: Shard): void {
    this.#shards = this.#shards.filter((one) => one !== shard);
  }

  snapshot(): StreamSnapshot {
    const { counters } = this.parts;
    const links = this.#shards.flatMap((shard) => shard.links);
    return {
      connections: links.filter((link) => link.isOpen).length,
      topics: this.book.size,
      live: this.book.entries().filter(({ topic }) => this.book.isLive(topic)).length,
      frames: links.reduce((sum, link) => sum + link.dataFrames, counters.framesOfEnded),
      closes: counters.closes,
      rejectedFrames: counters.rejectedFrames,
      framesDecodedInFull: counters.framesDecodedInFull,
      reconnects: { ...counters.reconnects },
      lastDataAt: counters.lastDataAt,
    };
  }

  #shardWithRoom(): Shard {
    const loads = this.#shards.map((shard) => shard.topics.size);
    const chosen = this.#shards[chooseShard(loads, this.parts.venue.stream.topicsPerConnection)];
    if (chosen !== undefined) return chosen;
    const shard = new Shard(this);
    this.#shards = [...this.#shards, shard];
    return shard;
  }

  /** Its topic may be acknowledged already; the listener hears of it after `watch` has returned. */
  #tellLiveSoon({ topic, shard }: TopicEntry): void {
    if (!shard.links.some((link) => link.isAcknowledged(topic))) return;
    after(this.parts.scheduler, 0, () => {
      if (this.book.get(topic)?.shard === shard) shard.tellLive([topic]);
    });
  }
}

/** One follower's hold on its topic. There are as many as series: methods, not closures. */
class TopicWatch implements Watch {
  readonly #pool: ConnectionPool;
  readonly #entry: TopicEntry;
  readonly #follower: Follower;

  constructor(pool: ConnectionPool, entry: TopicEntry, follower: Follower) {
    this.#pool = pool;
    this.#entry = entry;
    this.#follower = follower;
  }

  setRunning(wanted: boolean): void {
    if (this.#follower.stopped || this.#follower.wantsRunning === wanted) return;
    this.#follower.wantsRunning = wanted;
    this.#entry.shard.updateRunning();
  }

  refresh(): void {
    if (!this.#follower.stopped) this.#entry.shard.refresh(this.#entry.topic);
  }

  stop(): void {
    const [entry, follower] = [this.#entry, this.#follower];
    if (follower.stopped) return;
    follower.stopped = true;
    entry.followers = entry.followers.filter((one) => one !== follower);
    if (follower.wantsRunning) entry.shard.updateRunning();
    if (entry.followers.length > 0) return;
    this.#pool.book.delete(entry.topic);
    entry.shard.remove(entry.topic);
  }
}
