import type { EpochMs } from '../core/candle.ts';
import { ConfigError } from '../core/errors.ts';
import type { FeedClock } from './rest/feed-clock.ts';

/** A `since` further ahead of the exchange's time than this is a mistake: another unit, or another clock, ms. */
const FURTHEST_AHEAD_MS = 86_400_000;

interface Waiting {
  readonly since: EpochMs;
  readonly refuse: (error: ConfigError) => void;
}

/** Checks each `since` against the exchange's clock once it is known: one far ahead would never emit anything. */
export class SinceGuard {
  readonly #clock: Pick<FeedClock, 'known' | 'now'>;
  readonly #waiting = new Set<Waiting>();

  constructor(clock: Pick<FeedClock, 'known' | 'now'>) {
    this.#clock = clock;
  }

  /**
   * @param refuse - called later, at most once, if the clock is not known yet
   * @returns removes it
   * @throws ConfigError if the clock is known
   */
  add(since: EpochMs, refuse: (error: ConfigError) => void): () => void {
    if (this.#clock.known) {
      const error = this.#errorOf(since);
      if (error !== undefined) throw error;
      return () => undefined;
    }
    const waiting = { since, refuse };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  }

  /** The exchange's clock is known. */
  check(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { since, refuse } of waiting) {
      const error = this.#errorOf(since);
      if (error !== undefined) refuse(error);
    }
  }

  #errorOf(since: EpochMs): ConfigError | undefined {
    const now = this.#clock.now();
    if (since <= now + FURTHEST_AHEAD_MS) return undefined;
    const [given, exchange] = [since, now].map((time) => new Date(time).toISOString());
    return new ConfigError([`since: ${given} is more than a day ahead of the exchange's time, ${exchange}`]);
  }
}
