import { Observable, Subscriber, type OperatorFunction, type TeardownLogic } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError } from '../../core/errors.ts';
import type { SeriesOutput, SeriesState } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CommandListener, SeriesCommand } from './series-commands.ts';
import type { SeriesEnd } from './series-end.ts';
import { SeriesRunner, type RunnerListener, type RunnerOptions } from './series-runner.ts';

/** What a machine needs from its owner. */
export interface ExactlyOnceOptions extends RunnerOptions {
  /** Where to begin; left out for the live machine, which waits for the command. */
  readonly start?: SeriesState;
  /** The machine takes commands from now on, until it leaves. */
  enter(machine: CommandListener): void;
  leave(machine: CommandListener): void;
  /** Where this machine ends when the symbol does. */
  endOf(end: SeriesEnd): EpochMs;
  /** Every output, the delivered candles included: for events, counters and waits. */
  report(output: SeriesOutput): void;
  /** The machine has begun; `machine.next` tells how far it is. */
  onStart?(machine: SeriesRunner): void;
  /** All that has happened so far has been handled. */
  onSettled?(): void;
}

/** Most closes kept before the exchange's clock is known. They are few, since each of them carries the time. */
const MOST_EARLY = 100;

/**
 * Every candle once, in rising open time, none missing: the state machine of `core/series.ts`, which fetches over REST what
 * the stream lost.
 *
 * ```text
 * signals  -L--1--1--4-----5--     L: live
 * REST              --(23)
 * result   ----1------(234)5--
 * ```
 *
 * Emits:     each closed candle when it is final and all before it have been emitted or reported missing.
 * Errors:    with the source's error, GeoBlockedError, or a bug of ours.
 * Completes: after the last candle of a span, or of a symbol that stops trading.
 * Time:      the exchange's clock, on the timer queue of the feed.
 */
export function exactlyOnce(options: ExactlyOnceOptions): OperatorFunction<SeriesSignal, Candle> {
  return (signals$) => new Observable((subscriber) => new Machine(options, subscriber).listenTo(signals$));
}

/**
 * Runs the machine of one subscription. Closes that come too early are kept; exceptions become the subscriber's error. A
 * Subscriber itself, as RxJS makes its own operators, since there is one for every series.
 */
// eslint-disable-next-line rxjs-x/no-subclass -- RxJS does not export the class that its operators use
class Machine extends Subscriber<SeriesSignal> implements RunnerListener, CommandListener {
  readonly #options: ExactlyOnceOptions;
  readonly #subscriber: Subscriber<Candle>;
  #early: Candle[] | undefined;
  #isLive = false;
  #runner: SeriesRunner | undefined;

  constructor(options: ExactlyOnceOptions, subscriber: Subscriber<Candle>) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- "internal" in RxJS 8; this package is for RxJS 7
    super(subscriber);
    this.#options = options;
    this.#subscriber = subscriber;
  }

  listenTo(signals$: Observable<SeriesSignal>): void {
    const { start } = this.#options;
    this.#options.enter(this);
    signals$.subscribe(this);
    if (start !== undefined) this.#begin(start);
  }

  /** What ends with the machine ends with its subscriber, in whose list there is room. */
  override add(teardown: TeardownLogic): void {
    this.#subscriber.add(teardown);
  }

  override unsubscribe(): void {
    if (this.closed) return;
    super.unsubscribe();
    this.#options.leave(this);
    this.#runner?.stop();
  }

  obey(command: SeriesCommand): void {
    try {
      if (command.kind === 'start') this.#begin(command.state);
      else if (command.kind === 'ended') this.#runner?.endAt(this.#options.endOf(command.end));
      else this.#runner?.handle({ kind: 'wake' });
    } catch (bug) {
      this.onBug(bug);
    }
  }

  onOutput(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#subscriber.next(output.candle);
    this.#options.report(output);
    if (output.kind === 'done') this.#subscriber.complete();
  }

  onGeoBlocked(): void {
    this.#subscriber.error(new GeoBlockedError(this.#options.shared.restUrl));
  }

  onSettled(): void {
    this.#options.onSettled?.();
  }

  onBug(bug: unknown): void {
    this.#subscriber.error(bug);
  }

  protected override _next(signal: SeriesSignal): void {
    try {
      if (typeof signal === 'string') this.#hearState(signal);
      else if (this.#runner !== undefined) this.#runner.handle({ kind: 'closed', candle: signal });
      else this.#keep(signal);
    } catch (bug) {
      this.onBug(bug);
    }
  }

  /** Signals end with the subscription. */
  protected override _complete(): void {
    // The machine goes on over REST.
  }

  #begin(state: SeriesState): void {
    if (this.#runner !== undefined || this.#subscriber.closed) return;
    const runner = new SeriesRunner(this.#options, state, this);
    const early = this.#early ?? [];
    this.#runner = runner;
    this.#early = undefined;
    this.#options.onStart?.(runner);
    runner.handle({ kind: this.#isLive ? 'live' : 'wake' });
    for (const candle of early) runner.handle({ kind: 'closed', candle });
  }

  #keep(candle: Candle): void {
    this.#early ??= [];
    if (this.#early.length < MOST_EARLY) this.#early.push(candle);
  }

  #hearState(state: 'live' | 'lost' | 'moved on'): void {
    if (state !== 'moved on') this.#isLive = state === 'live';
    this.#runner?.handle({ kind: state });
  }
}
