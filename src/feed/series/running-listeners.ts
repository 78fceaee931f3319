import type { Observable, Subscription } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { CandleMessage } from '../../ports/stream-protocol.ts';

/** Somebody who wants updates of the running candle. */
export interface RunningListener {
  /** An update, none older than one before it. */
  offer(update: Candle): void;
  /** The series has got further: an update that had to wait may be due. */
  release(): void;
}

/** Those who want updates of the running candle; the stream decodes them only while there are any. */
export class RunningListeners {
  readonly #updates$: Observable<CandleMessage>;
  /** Open time of the next candle of the series: updates of older ones come too late. */
  readonly #next: () => EpochMs;
  #all: readonly RunningListener[] = [];
  #updates: Subscription | undefined;
  /** Of the last update that was passed on. */
  #timestamp: EpochMs = -Infinity;
  #eventTime: EpochMs = -Infinity;

  constructor(updates$: Observable<CandleMessage>, next: () => EpochMs) {
    this.#updates$ = updates$;
    this.#next = next;
  }

  /** Passes updates on until the function it returns is called. */
  add(listener: RunningListener): () => void {
    this.#all = [...this.#all, listener];
    this.#updates ??= this.#updates$.subscribe({
      next: (update) => {
        this.#pass(update);
      },
      error: () => undefined, // the series fails with the same error
    });
    return () => {
      this.#all = this.#all.filter((other) => other !== listener);
      if (this.#all.length === 0) this.stop();
    };
  }

  stop(): void {
    this.#updates?.unsubscribe();
    this.#updates = undefined;
  }

  release(): void {
    for (const listener of this.#all) listener.release();
  }

  /** Two connections may carry the series at a time, one behind the other: what is older than the last update is dropped. */
  #pass({ candle, eventTime }: CandleMessage): void {
    const { timestamp } = candle;
    const builtAt = eventTime ?? timestamp;
    if (timestamp < this.#next() || timestamp < this.#timestamp) return;
    if (timestamp === this.#timestamp && builtAt < this.#eventTime) return;
    this.#timestamp = timestamp;
    this.#eventTime = builtAt;
    for (const listener of this.#all) listener.offer(candle);
  }
}
