import type { Candle, EpochMs } from '../../core/candle.ts';
import type { RunningListener } from './running-listeners.ts';

export interface RunningUpdatesOptions {
  /** Open time of the next candle that the subscription is owed; undefined while older ones are on their way to it. */
  readonly owed: () => EpochMs | undefined;
  readonly emit: (update: Candle) => void;
}

/**
 * The updates of one subscription, between its closes. An update waits until every candle before it has been delivered or
 * reported missing; of those that wait the newest is kept, and one of a candle that has closed meanwhile is forgotten.
 *
 * ```text
 * updates  1-1---2--3-3----3-    (the close of 1 is lost)
 * closes   --------------(12)
 * result   1-1-----------(123)3-
 * ```
 */
export class RunningUpdates implements RunningListener {
  readonly #options: RunningUpdatesOptions;
  #held: Candle | undefined;

  constructor(options: RunningUpdatesOptions) {
    this.#options = options;
  }

  offer(update: Candle): void {
    this.#held = update;
    this.release();
  }

  release(): void {
    const update = this.#held;
    const owed = update === undefined ? undefined : this.#options.owed();
    if (update === undefined || owed === undefined || update.timestamp > owed) return;
    this.#held = undefined;
    if (update.timestamp === owed) this.#options.emit(update);
  }
}
