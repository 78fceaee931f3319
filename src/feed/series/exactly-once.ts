import { Observable, type Observer, type OperatorFunction, type Subscriber, type Unsubscribable } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import type { SeriesOutput, SeriesState } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { SeriesCommand, SeriesCommands } from './series-commands.ts';
import type { SeriesEnd } from './series-end.ts';
import { SeriesRunner, type RunnerListener, type RunnerOptions } from './series-runner.ts';

export interface ExactlyOnceOptions extends RunnerOptions {
  /** Where to begin; left out for the live machine, which waits for the command. */
  readonly start?: SeriesState;
  readonly commands: SeriesCommands;
  readonly host: MachineHost;
}

/** What a machine needs from its owner. */
export interface MachineHost {
  /** Where this machine ends when the symbol does. */
  endOf(end: SeriesEnd): EpochMs;
  /** Every output, the delivered candles included: for events, counters and waits. */
  report(output: SeriesOutput): void;
  geoBlocked(): FeedError;
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

/** Runs the machine of one subscription. Closes that come too early are kept; exceptions become the subscriber's error. */
class Machine implements Observer<SeriesSignal>, Unsubscribable {
  readonly #options: ExactlyOnceOptions;
  readonly #subscriber: Subscriber<Candle>;
  #signals: Unsubscribable | undefined;
  #early: Candle[] | undefined;
  #isLive = false;
  #runner: SeriesRunner | undefined;

  constructor(options: ExactlyOnceOptions, subscriber: Subscriber<Candle>) {
    this.#options = options;
    this.#subscriber = subscriber;
  }

  /** @returns itself, to be unsubscribed with the subscriber */
  listenTo(signals$: Observable<SeriesSignal>): this {
    const { commands, start } = this.#options;
    commands.add(this);
    this.#signals = signals$.subscribe(this);
    if (start !== undefined) this.#begin(start);
    return this;
  }

  unsubscribe(): void {
    this.#options.commands.remove(this);
    this.#signals?.unsubscribe();
    this.#runner?.stop();
  }

  obey(command: SeriesCommand): void {
    try {
      if (command.kind === 'start') this.#begin(command.state);
      else if (command.kind === 'ended') this.#runner?.endAt(this.#options.host.endOf(command.end));
      else this.#runner?.handle({ kind: 'wake' });
    } catch (bug) {
      this.error(bug);
    }
  }

  next(signal: SeriesSignal): void {
    try {
      if (typeof signal === 'string') this.#hearState(signal);
      else if (this.#runner !== undefined) this.#runner.handle({ kind: 'closed', candle: signal });
      else this.#keep(signal);
    } catch (bug) {
      this.error(bug);
    }
  }

  error(error: unknown): void {
    this.#subscriber.error(error);
  }

  /** Signals end with the subscription. */
  complete(): void {
    // The machine goes on over REST.
  }

  #begin(state: SeriesState): void {
    if (this.#runner !== undefined || this.#subscriber.closed) return;
    const { host } = this.#options;
    const runner = new SeriesRunner(this.#options, state, new Outlet(host, this.#subscriber));
    const early = this.#early ?? [];
    this.#runner = runner;
    this.#early = undefined;
    host.onStart?.(runner);
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

/** Passes candles to the subscriber and everything else to the host. */
class Outlet implements RunnerListener {
  readonly #host: MachineHost;
  readonly #subscriber: Subscriber<Candle>;

  constructor(host: MachineHost, subscriber: Subscriber<Candle>) {
    this.#host = host;
    this.#subscriber = subscriber;
  }

  onOutput(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#subscriber.next(output.candle);
    this.#host.report(output);
    if (output.kind === 'done') this.#subscriber.complete();
  }

  onGeoBlocked(): void {
    this.#subscriber.error(this.#host.geoBlocked());
  }

  onSettled(): void {
    this.#host.onSettled?.();
  }

  onBug(bug: unknown): void {
    this.#subscriber.error(bug);
  }
}
