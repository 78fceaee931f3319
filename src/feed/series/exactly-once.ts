import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { FeedError } from '../../core/errors.ts';
import type { SeriesOutput, SeriesState } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import { guardedObserver } from '../guarded.ts';
import type { SeriesEnd } from './series-end.ts';
import { SeriesRunner, type RunnerDeps } from './series-runner.ts';

/** What a series tells all its machines, the live one and those that read the past. */
export type SeriesCommand =
  /** The live machine may begin: clock and grid are known. */
  | { readonly kind: 'start'; readonly state: SeriesState }
  /** The symbol has stopped trading. */
  | { readonly kind: 'ended'; readonly end: SeriesEnd }
  /** The clock has moved. */
  | { readonly kind: 'wake' };

export interface ExactlyOnceOptions {
  /** Where to begin; left out for the live machine, which waits for the command. */
  readonly start?: SeriesState;
  readonly commands$: Observable<SeriesCommand>;
  /** Where this machine ends when the symbol does. */
  readonly endOf: (end: SeriesEnd) => EpochMs;
  readonly deps: RunnerDeps;
  /** Every output, the delivered candles included: for events, counters and waits. */
  readonly report: (output: SeriesOutput) => void;
  readonly geoBlocked: () => FeedError;
  /** The machine that has begun, for those who ask how far it is. */
  readonly onStart?: (machine: SeriesRunner) => void;
  /** All that has happened so far has been handled. */
  readonly onSettled?: () => void;
}

/** Closes that came before the exchange's clock was known; each brings the time along, so they are few. */
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
  return (signals$) =>
    new Observable((subscriber) => {
      const machine = new Machine(options, subscriber);
      const fail = (error: unknown): void => {
        subscriber.error(error);
      };
      const complete = (): void => undefined;
      subscriber.add(() => {
        machine.stop();
      });
      const obey = (command: SeriesCommand): void => {
        machine.obey(command);
      };
      const hear = (signal: SeriesSignal): void => {
        machine.hear(signal);
      };
      subscriber.add(options.commands$.subscribe(guardedObserver({ next: obey, error: fail, complete }, fail)));
      subscriber.add(signals$.subscribe(guardedObserver({ next: hear, error: fail, complete }, fail)));
      if (options.start !== undefined) machine.begin(options.start);
    });
}

/** The runner of one subscription, and what came before it could begin. */
class Machine {
  readonly #options: ExactlyOnceOptions;
  readonly #subscriber: Subscriber<Candle>;
  readonly #early: Candle[] = [];
  #isLive = false;
  #runner: SeriesRunner | undefined;

  constructor(options: ExactlyOnceOptions, subscriber: Subscriber<Candle>) {
    this.#options = options;
    this.#subscriber = subscriber;
  }

  begin(state: SeriesState): void {
    if (this.#runner !== undefined || this.#subscriber.closed) return;
    const runner = new SeriesRunner(this.#options.deps, state, this.#listener());
    this.#runner = runner;
    this.#options.onStart?.(runner);
    runner.handle({ kind: this.#isLive ? 'live' : 'wake' });
    for (const candle of this.#early.splice(0)) runner.handle({ kind: 'closed', candle });
  }

  obey(command: SeriesCommand): void {
    if (command.kind === 'start') this.begin(command.state);
    else if (command.kind === 'ended') this.#runner?.endAt(this.#options.endOf(command.end));
    else this.#runner?.handle({ kind: 'wake' });
  }

  hear(signal: SeriesSignal): void {
    if (typeof signal === 'string') this.#hearState(signal);
    else if (this.#runner !== undefined) this.#runner.handle({ kind: 'closed', candle: signal });
    else if (this.#early.length < MOST_EARLY) this.#early.push(signal);
  }

  stop(): void {
    this.#runner?.stop();
  }

  #hearState(state: 'live' | 'lost'): void {
    this.#isLive = state === 'live';
    this.#runner?.handle({ kind: state });
  }

  #listener() {
    const { report, geoBlocked, onSettled } = this.#options;
    const subscriber = this.#subscriber;
    return {
      onOutput: (output: SeriesOutput) => {
        if (output.kind === 'deliver') subscriber.next(output.candle);
        report(output);
        if (output.kind === 'done') subscriber.complete();
      },
      onGeoBlocked: () => {
        subscriber.error(geoBlocked());
      },
      onBug: (bug: unknown) => {
        subscriber.error(bug);
      },
      ...(onSettled !== undefined && { onSettled }),
    };
  }
}
