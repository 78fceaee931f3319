import type { Subscription } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { step } from '../../core/series.ts';
import { progressOf, type SeriesProgress } from '../../core/series-progress.ts';
import type { SeriesEvent, SeriesOutput, SeriesState } from '../../core/series-state.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { failureText } from '../rest/failure-text.ts';
import type { SeriesContext } from './series-context.ts';
import type { QueuedTimer } from './timer-queue.ts';

export interface RunnerOptions {
  /** Shared by all runners of a feed; `restUrl` is for messages. */
  readonly shared: Pick<SeriesContext, 'clock' | 'timers' | 'restUrl'>;
  readonly reader: CandleReader;
}

/** What a runner does not do itself. */
export interface RunnerListener {
  onOutput(output: SeriesOutput): void;
  /** REST refuses this location, and the series cannot go on without REST. */
  onGeoBlocked(): void;
  /** All that has happened so far has been handled. */
  onSettled(): void;
  /** A bug of ours, in the machine or in a read. The runner has stopped. */
  onBug(bug: unknown): void;
}

/** A read asks for the exchange's time too, if that was last asked for longer ago than this, ms. */
const CLOCK_AGE_MS = 60_000;
/** After this many refused reads (HTTP 451) a late close is not expected from the stream any more. */
const REFUSALS = 3;

/** Runs the state machine of one series: passes it events and carries out its outputs. */
export class SeriesRunner implements QueuedTimer {
  queuedFor: EpochMs = Infinity;
  place = -1;
  wakeAt: EpochMs = Infinity;
  readonly #options: RunnerOptions;
  readonly #listener: RunnerListener;
  #state: SeriesState;
  #read: Subscription | undefined;
  #waiting: SeriesEvent[] | undefined;
  #stopped = false;

  constructor(options: RunnerOptions, state: SeriesState, listener: RunnerListener) {
    this.#options = options;
    this.#state = state;
    this.#listener = listener;
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

  progress(): SeriesProgress {
    return progressOf(this.#state, this.#options.shared.clock.now());
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
    this.#options.shared.timers.remove(this);
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
    const { state, outputs, wakeAt } = step(this.#state, event, this.#options.shared.clock.at());
    this.#state = state;
    for (const output of outputs) if (!this.#stopped) this.#act(output);
    if (!this.#stopped) this.#options.shared.timers.set(this, wakeAt);
  }

  #act(output: SeriesOutput): void {
    if (output.kind === 'read') this.#startRead(output);
    else if (output.kind === 'find first open') this.#findFirstOpen(output);
    else if (output.kind === 'cancel') this.#read?.unsubscribe();
    this.#listener.onOutput(output);
  }

  #startRead({ from, before, pages }: Extract<SeriesOutput, { readonly kind: 'read' }>): void {
    this.#options.shared.clock.refresh(CLOCK_AGE_MS);
    this.#read = this.#options.reader.read$(from, before, pages).subscribe({
      next: (answer) => {
        this.handle({ kind: 'answer', answer });
      },
      error: (error: unknown) => {
        this.#failed(error);
      },
    });
  }

  #findFirstOpen({ next, known }: Extract<SeriesOutput, { readonly kind: 'find first open' }>): void {
    this.#read = this.#options.reader.firstOpen$(known, next).subscribe({
      next: (openTime) => {
        this.handle({ kind: 'first open', openTime, isTruncated: this.#options.reader.isTruncatedAt(openTime) });
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
    else this.handle({ kind: 'failed', reason: failureText(error, this.#options.shared.restUrl) });
  }
}
