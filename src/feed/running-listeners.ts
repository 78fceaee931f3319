import type { Candle } from '../core/candle.ts';
import type { Watch } from '../ports/candle-stream.ts';

type Listener = (candle: Candle) => void;

/** Those who want updates of the running candle; the stream decodes them only while there are any. */
export class RunningListeners {
  readonly #watch: Watch;
  #all: readonly Listener[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** Tells of updates until the function it returns is called. */
  add(listener: Listener): () => void {
    this.#all = [...this.#all, listener];
    this.#watch.setRunning(true);
    return () => {
      this.#all = this.#all.filter((other) => other !== listener);
      this.#watch.setRunning(this.#all.length > 0);
    };
  }

  tell(candle: Candle): void {
    for (const listener of this.#all) listener(candle);
  }
}
