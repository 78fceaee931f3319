import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Watch } from './series-watch.ts';

/** Somebody who wants updates of the running candle. */
export interface RunningListener {
  /** An update, none older than one before it. */
  offer(update: Candle): void;
  /** The series has got further: an update that had to wait may be due. */
  release(): void;
}

/** Those who want updates of the running candle; the stream decodes them only while there are any. */
export class RunningListeners {
  readonly #watch: Watch;
  #all: readonly RunningListener[] = [];
  /** Of the last update that was told. */
  #timestamp: EpochMs = -Infinity;
  #eventTime: EpochMs = -Infinity;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Tells of updates until the function it returns is called. */
  add(listener: RunningListener): () => void {
    this.#all = [...this.#all, listener];
    this.#watch.setRunning(true);
    return () => {
      this.#all = this.#all.filter((other) => other !== listener);
      this.#watch.setRunning(this.#all.length > 0);
    };
  }

  /** Two connections may carry the series at a time, one behind the other: what is older than the last update is dropped. */
  tell(candle: Candle, eventTime: EpochMs): void {
    const { timestamp } = candle;
    if (timestamp < this.#timestamp || (timestamp === this.#timestamp && eventTime < this.#eventTime)) return;
    this.#timestamp = timestamp;
    this.#eventTime = eventTime;
    for (const listener of this.#all) listener.offer(candle);
  }

  release(): void {
    for (const listener of this.#all) listener.release();
  }
}
