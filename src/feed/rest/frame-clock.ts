import type { EpochMs } from '../../core/candle.ts';
import { withEventTime, type ClockEstimate } from '../../core/exchange-clock.ts';

/** Frames count for one to two windows, ms; afterwards a jump of the local clock is in all of them. */
const WINDOW_MS = 30_000;

/** The exchange's clock as estimated from the event times of recent frames alone. The fastest frame counts. */
export class FrameClock {
  #current: ClockEstimate | undefined;
  #previous: ClockEstimate | undefined;
  /** Local time at which the current window began. */
  #since = -Infinity;

  observe(eventTime: EpochMs, receivedAt: number): void {
    if (receivedAt - this.#since >= WINDOW_MS) {
      this.#previous = this.#isOld(receivedAt) ? undefined : this.#current;
      this.#current = undefined;
      this.#since = receivedAt;
    }
    this.#current = withEventTime(this.#current, eventTime, receivedAt);
  }

  /** Undefined where no frame has come lately. */
  estimateAt(local: number): ClockEstimate | undefined {
    if (this.#isOld(local)) return undefined;
    const [a, b] = [this.#current, this.#previous];
    return a !== undefined && b !== undefined && b.lowest > a.lowest ? b : a;
  }

  clear(): void {
    this.#current = undefined;
    this.#previous = undefined;
    this.#since = -Infinity;
  }

  #isOld(local: number): boolean {
    return local - this.#since >= 2 * WINDOW_MS;
  }
}
