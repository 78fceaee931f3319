import type { SchedulerLike, Subscription } from 'rxjs';
import { after } from './after.ts';
import { FRESH_MS } from './rest/symbol-list.ts';
import type { FeedWiring } from './wiring.ts';

/** A connection is a good moment to learn the exchange's time, unless that was just done, ms. */
const CLOCK_AGE_AT_CONNECT_MS = 1000;
/** Clock and list are kept this long for the next subscriber, ms: to leave and come back costs the exchange nothing. */
const LINGER_MS = 250;

/** Keeps the exchange's time and the symbol list up to date while somebody needs them, and lets go of them a moment later. */
export class Upkeep {
  readonly #wiring: FeedWiring;
  readonly #scheduler: SchedulerLike;
  readonly #isUsed: () => boolean;
  #pausing: Subscription | undefined;

  constructor(wiring: FeedWiring, scheduler: SchedulerLike, isUsed: () => boolean) {
    this.#wiring = wiring;
    this.#scheduler = scheduler;
    this.#isUsed = isUsed;
  }

  /** Somebody needs the exchange's time and the list again. */
  resume(): void {
    const { clock, symbols } = this.#wiring.seriesContext;
    this.keep();
    clock.refresh(CLOCK_AGE_AT_CONNECT_MS);
    symbols.refresh(FRESH_MS);
  }

  /** Cancels a pending pause. */
  keep(): void {
    this.#pausing?.unsubscribe();
  }

  onConnected(): void {
    this.#wiring.seriesContext.clock.refresh(CLOCK_AGE_AT_CONNECT_MS);
  }

  pauseIfUnused(): void {
    if (this.#isUsed()) return;
    this.keep();
    this.#pausing = after(this.#scheduler, LINGER_MS, () => {
      this.pause();
    });
  }

  pause(): void {
    const { seriesContext, rest } = this.#wiring;
    this.keep();
    seriesContext.clock.pause();
    seriesContext.symbols.pause();
    seriesContext.waits.clear();
    rest.pause?.();
  }
}
