import type { SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { CLOSE_BOUNDS_MS, DelayCounter, type DelayHistogram } from '../../core/delay-histogram.ts';
import type { AppendAnswer } from '../../ports/candle-log.ts';

/** The log ends with another candle; others have gone on without this program; too many wait while it is away. */
export type FeedAgainReason = 'ends elsewhere' | 'far behind' | 'away';

type Outcome = Exclude<AppendAnswer, object>;

/** A candle that has come to be stored. */
export interface Arrival {
  readonly candle: Candle;
  readonly at: EpochMs;
}

/** What `feedTo` puts into a log. */
export class FeedingCounts {
  /** Candles that the log has. */
  readonly appended: Record<Outcome, number> = { stored: 0, already: 0 };
  /** Times that a series was taken up again from the end of the log. */
  readonly conflicts: Record<FeedAgainReason, number> = { 'ends elsewhere': 0, 'far behind': 0, away: 0 };
  readonly #scheduler: SchedulerLike;
  /** In the order of arrival. */
  readonly #waiting = new Set<Arrival>();
  readonly #delays = new DelayCounter(CLOSE_BOUNDS_MS);

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
  }

  arrive(candle: Candle): Arrival {
    const arrival = { candle, at: this.#scheduler.now() };
    this.#waiting.add(arrival);
    return arrival;
  }

  /** The log has it. */
  settle(arrival: Arrival, outcome: Outcome): void {
    if (!this.#waiting.delete(arrival)) return;
    this.appended[outcome] += 1;
    this.#delays.count(this.#scheduler.now() - arrival.at);
  }

  /** They are read again. */
  drop(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) this.#waiting.delete(arrival);
  }

  /** Candles that are not in the log yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The one that has waited longest, and for how long, ms. */
  get oldest(): { readonly candle: Candle; readonly waitedMs: number } | undefined {
    const [oldest] = this.#waiting;
    return oldest && { candle: oldest.candle, waitedMs: this.#scheduler.now() - oldest.at };
  }

  /** From a candle's arrival until the log had it, ms. */
  get delays(): DelayHistogram {
    return this.#delays.snapshot();
  }
}
