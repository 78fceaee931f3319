import { toFeedError, type FeedError } from '../../core/errors.ts';
import type { SeriesListener } from '../../ports/candle-stream.ts';
import type { Topic } from '../../venues/venue.ts';
import type { Shard } from './shard.ts';
import type { DecodedKline } from './stream-parts.ts';

/** One listener of one topic. */
export interface Follower {
  readonly listener: SeriesListener;
  wantsRunning: boolean;
  /** What the listener was last told. */
  live: boolean;
  stopped: boolean;
}

/** A topic that somebody wants. `followers` is replaced, never changed: a listener may leave while it is told. */
export interface TopicEntry {
  readonly topic: Topic;
  readonly shard: Shard;
  followers: readonly Follower[];
}

/** Who wants which topic, for all shards: a close finds its listeners with one look-up. */
export class TopicBook {
  readonly #entries = new Map<Topic, TopicEntry>();

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

  /** A listener that fails is told so, and the others go on. */
  deliver(topic: Topic, kline: DecodedKline): void {
    for (const follower of this.#followersOf(topic)) {
      if (follower.stopped) continue;
      try {
        tell(follower, kline);
      } catch (bug) {
        follower.listener.onError(toFeedError(bug));
      }
    }
  }

  /** Tells the listeners whose state this changes. */
  setLive(topic: Topic, live: boolean): void {
    for (const follower of this.#followersOf(topic)) {
      if (follower.stopped || follower.live === live) continue;
      follower.live = live;
      try {
        if (live) follower.listener.onLive();
        else follower.listener.onLost();
      } catch (bug) {
        follower.listener.onError(toFeedError(bug));
      }
    }
  }

  wantsRunning(topic: Topic): boolean {
    return this.#followersOf(topic).some((follower) => follower.wantsRunning);
  }

  isLive(topic: Topic): boolean {
    return this.#followersOf(topic).some((follower) => follower.live);
  }

  /** Forgets the topics before anybody is told: a listener may well ask for its topic anew. */
  fail(topics: readonly Topic[], error: FeedError): void {
    const followers = topics.flatMap((topic) => this.#followersOf(topic));
    for (const topic of topics) this.delete(topic);
    for (const follower of followers) {
      if (follower.stopped) continue;
      follower.stopped = true;
      follower.listener.onError(error);
    }
  }

  #followersOf(topic: Topic): readonly Follower[] {
    return this.#entries.get(topic)?.followers ?? [];
  }
}

function tell({ listener, wantsRunning }: Follower, { candle, closed, eventTime }: DecodedKline): void {
  if (closed) listener.onClosed(candle);
  else if (wantsRunning) listener.onRunning(candle, eventTime);
}
