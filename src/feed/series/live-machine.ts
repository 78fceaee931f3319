import { Subscription, type Observable, type Observer } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { GeoBlockedError } from '../../core/errors.ts';
import type { SeriesProgress } from '../../core/series-progress.ts';
import type { SeriesOutput } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import type { CandleBus } from './candle-bus.ts';
import { closedCandles$ } from './closed-candles.ts';
import type { ExactlyOnceOptions, MachineHost } from './exactly-once.ts';
import type { SeriesEnd } from './series-end.ts';
import type { SeriesRunner } from './series-runner.ts';

/** What the live machine needs of its series. */
export interface LiveSeries {
  /** Everybody who subscribed. */
  readonly subscribers: Observer<Candle>;
  report(output: SeriesOutput): void;
  geoBlocked(): GeoBlockedError;
  /** The live machine has begun: `next` is known. */
  begun(): void;
  /** All that has happened so far has been handled. */
  settled(): void;
}

export type MachineOptions = Omit<ExactlyOnceOptions, 'host' | 'start'>;

/** The machine that runs while a series has subscribers, over the one subscription that they share. */
export class LiveMachine implements MachineHost {
  readonly #series: LiveSeries;
  #pipe = Subscription.EMPTY;
  #runner: SeriesRunner | undefined;

  constructor(series: LiveSeries) {
    this.#series = series;
  }

  /** Whether it has begun. */
  get isRunning(): boolean {
    return this.#runner !== undefined;
  }

  /** Open time of the next candle; -Infinity while it does not run. */
  get next(): EpochMs {
    return this.#runner?.next ?? -Infinity;
  }

  /** Undefined while it does not run. */
  get progress(): SeriesProgress | undefined {
    return this.#runner?.progress();
  }

  /** Whether candles are being handed out just now. */
  get isBusy(): boolean {
    return this.#runner?.isBusy === true;
  }

  /** Subscribes to the stream; the machine begins with the command `start`. */
  open(signals$: Observable<SeriesSignal>, options: MachineOptions, bus: CandleBus): void {
    const { shared, reader, commands } = options; // a spread would take three times the memory
    const machine = { shared, reader, commands, host: this };
    this.#pipe = closedCandles$(signals$, machine, bus).subscribe(this.#series.subscribers);
  }

  close(): void {
    this.#pipe.unsubscribe();
    this.#runner = undefined;
  }

  endOf({ until }: SeriesEnd): EpochMs {
    return until;
  }

  report(output: SeriesOutput): void {
    this.#series.report(output);
  }

  geoBlocked(): GeoBlockedError {
    return this.#series.geoBlocked();
  }

  onStart(runner: SeriesRunner): void {
    this.#runner = runner;
    this.#series.begun();
  }

  onSettled(): void {
    this.#series.settled();
  }
}
