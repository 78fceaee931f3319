import type { Subscription } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { step } from '../../core/series.ts';
import type { SeriesEvent, SeriesOutput, SeriesState } from '../../core/series-state.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { failureText } from '../rest/failure-text.ts';
import type { TimerQueue, QueuedTimer } from './timer-queue.ts';
import type { FeedClock } from '../rest/feed-clock.ts';

export interface RunnerDeps {
  readonly clock: FeedClock;
  readonly timers: TimerQueue;
  readonly reader: CandleReader;
  /** Whom the reader asks, for people. */
  readonly restUrl: string;
}

/** What a runner does not do itself. */
export interface RunnerListener {
  onOutput(output: SeriesOutput): void;
  /** REST refuses this location, and the series cannot go on without REST. */
  onGeoBlocked(): void;
  /** All that has happened so far has been handled. */
  onSettled(): void;
  /** The machine failed, or a read did in a way no exchange can cause. The runner has stopped. */
  onBug(bug: unknown): void;
}

/** REST is older news than this when a read is sent: ask the exchange for its time alongside, ms. */
const CLOCK_AGE_MS = 60_000;
/** A late close may still come by itself; after so many refused reads it is a wait for nothing. */
const REFUSALS = 3;

/** Runs the state machine of one series: feeds it what happens, and does what it says. */
export class SeriesRunner implements QueuedTimer {
  queuedFor: EpochMs = Infinity;
  wakeAt: EpochMs = Infinity;
  readonly #deps: RunnerDeps;
  readonly #listener: RunnerListener;
  #state: SeriesState;
  #read: Subscription | undefined;
  #waiting: SeriesEvent[] | undefined;
  #stopped = false;

  constructor(deps: RunnerDeps, state: SeriesState, listener: RunnerListener) {
    this.#deps = deps;
    this.#state = state;
    this.#listener = listener;
    deps.timers.add();
  }

  /** Open time of the next candle to be delivered. */
  get next(): EpochMs {
    return this.#state.next;
  }

  get until(): EpochMs {
    return this.#state.until;
  }

  /** Whether an event is being handled: `next` is ahead of what has been delivered. */
  get isBusy(): boolean {
    return this.#waiting !== undefined;
  }

  /** The series has ended, perhaps before this runner expected it to. */
  endAt(until: EpochMs): void {
    if (until < this.#state.until) this.handle({ kind: 'until', until });
  }

  wake(): void {
    this.handle({ kind: 'wake' });
  }

  /** What happens while an event is being handled waits its turn, so that outputs keep their order. */
  handle(event: SeriesEvent): void {
    if (this.#stopped) return;
    if (this.#waiting !== undefined) {
      this.#waiting.push(event);
      return;
    }
    const waiting: SeriesEvent[] = [];
    this.#waiting = waiting;
    try {
      this.#run(event);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) this.#run(next);
    } catch (bug) {
      this.#break(bug);
    }
    this.#waiting = undefined;
    this.#settle();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#read?.unsubscribe();
    this.#deps.timers.remove(this);
    if (this.#state.gap !== undefined) this.#listener.onOutput({ kind: 'gap left' });
  }

  #settle(): void {
    if (!this.#stopped) this.#listener.onSettled();
  }

  #break(bug: unknown): void {
    try {
      this.stop();
    } catch {
      // Most likely the same bug once more.
    }
    this.#listener.onBug(bug);
  }

  #run(event: SeriesEvent): void {
    const { state, outputs, wakeAt } = step(this.#state, event, this.#deps.clock.at());
    this.#state = state;
    for (const output of outputs) if (!this.#stopped) this.#act(output);
    if (!this.#stopped) this.#deps.timers.set(this, wakeAt);
  }

  #act(output: SeriesOutput): void {
    if (output.kind === 'read') this.#startRead(output);
    else if (output.kind === 'find first open') this.#findFirstOpen(output);
    else if (output.kind === 'cancel') this.#read?.unsubscribe();
    this.#listener.onOutput(output);
  }

  #startRead({ from, before, pages }: Extract<SeriesOutput, { readonly kind: 'read' }>): void {
    this.#deps.clock.refresh(CLOCK_AGE_MS);
    this.#read = this.#deps.reader.read$(from, before, pages).subscribe({
      next: (answer) => {
        this.handle({ kind: 'answer', answer });
      },
      error: (error: unknown) => {
        this.#failed(error);
      },
    });
  }

  #findFirstOpen({ next, known }: Extract<SeriesOutput, { readonly kind: 'find first open' }>): void {
    this.#read = this.#deps.reader.firstOpen$(known, next).subscribe({
      next: (openTime) => {
        this.handle({ kind: 'first open', openTime, isTruncated: this.#deps.reader.isTruncatedAt(openTime) });
      },
      error: (error: unknown) => {
        this.#failed(error);
      },
    });
  }

  #failed(error: unknown): void {
    if (!(error instanceof MarketDataError)) {
      this.#break(error);
      return;
    }
    const { emptyReads, known, rules } = this.#state;
    const needed = rules.warmUp || known.length > 0 || emptyReads >= REFUSALS;
    if (error.failure === 'geo-blocked' && needed) this.#listener.onGeoBlocked();
    else this.handle({ kind: 'failed', reason: failureText(error, this.#deps.restUrl) });
  }
}
