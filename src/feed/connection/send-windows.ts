import { slidingWindow, type SlidingWindow } from '../../core/pacing.ts';
import type { StreamLimits } from '../../ports/stream-protocol.ts';

/** Messages sent in different windows can reach the venue within one: margin added to each window, ms. */
const WINDOW_MARGIN_MS = 250;

interface CountedWindow {
  readonly window: SlidingWindow;
  readonly countsPings: boolean;
}

/** How many messages one session may send, by all of the venue's limits. */
export class SendWindows {
  readonly #all: readonly CountedWindow[];

  constructor({ sends }: Pick<StreamLimits, 'sends'>) {
    this.#all = sends.map(({ limit, windowMs, countsPings }) => ({
      window: slidingWindow(limit, windowMs + WINDOW_MARGIN_MS),
      countsPings,
    }));
  }

  /** How long the next message has to wait, ms. A ping is a message too where the venue counts them. */
  waitMs(now: number, isPing = false): number {
    return Math.max(0, ...this.#counting(isPing).map(({ window }) => window.waitMs(now)));
  }

  /** A message is sent. */
  take(now: number, isPing = false): void {
    for (const { window } of this.#counting(isPing)) window.take(now);
  }

  #counting(isPing: boolean): readonly CountedWindow[] {
    return isPing ? this.#all.filter(({ countsPings }) => countsPings) : this.#all;
  }
}
