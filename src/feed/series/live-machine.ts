import { Subscriber, type Observer } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { CandleClosed } from '../../core/events.ts';
import type { SeriesProgress } from '../../core/series-progress.ts';
import type { SeriesOutput } from '../../core/series-state.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { closedCandles$ } from './closed-candles.ts';
import type { ExactlyOnceOptions } from './exactly-once.ts';
import type { CommandListener, SeriesCommand } from './series-commands.ts';
import type { SeriesContext } from './series-context.ts';
import type { SeriesEnd } from './series-end.ts';
import type { SeriesRecord } from './series-record.ts';
import type { SeriesName } from './series-name.ts';
import type { SeriesRunner } from './series-runner.ts';

/** What the live machine needs of its series. */
export interface LiveSeries extends SeriesName {
  /** Everybody who subscribed. */
  readonly subscribers: Observer<Candle>;
  readonly record: SeriesRecord;
  readonly shared: SeriesContext;
  readonly reader: CandleReader;
  report(output: SeriesOutput): void;
  /** The live machine has begun: `next` is known. */
  begun(): void;
  /** All that has happened so far has been handled. */
  settled(): void;
}

/**
 * The machine that runs while a series has subscribers, over the one subscription that they share: what comes out of the
 * pipe is passed on to all of them.
 */
// eslint-disable-next-line rxjs-x/no-subclass -- every series has one, and RxJS would wrap any other observer in two objects
export class LiveMachine extends Subscriber<Candle> implements ExactlyOnceOptions {
  readonly #series: LiveSeries;
  #machine: CommandListener | undefined;
  #runner: SeriesRunner | undefined;

  constructor(series: LiveSeries) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- "internal" in RxJS 8; this package is for RxJS 7
    super(series.subscribers);
    this.#series = series;
  }

  get shared(): SeriesContext {
    return this.#series.shared;
  }

  get reader(): CandleReader {
    return this.#series.reader;
  }

  /** Whether it has begun. */
  get isRunning(): boolean {
    return this.#runner !== undefined;
  }

  /** Open time of the next candle; -Infinity while it does not run. */
  get nextOpen(): EpochMs {
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
  open(): void {
    closedCandles$(this.shared.stream.closes$(this.#series), this, this).subscribe(this);
  }

  close(): void {
    this.unsubscribe();
    this.#runner = undefined;
  }

  obey(command: SeriesCommand): void {
    this.#machine?.obey(command);
  }

  enter(machine: CommandListener): void {
    this.#machine = machine;
  }

  leave(): void {
    this.#machine = undefined;
  }

  endOf({ until }: SeriesEnd): EpochMs {
    return until;
  }

  /** A candle is about to be passed on. */
  publish(event: CandleClosed): void {
    this.#series.record.lastTimestamp = event.candle.timestamp;
    this.shared.candleBus.publish(event);
  }

  report(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#series.record.count(output.candle, this.shared);
    this.#series.report(output);
  }

  onStart(runner: SeriesRunner): void {
    this.#runner = runner;
    this.#series.begun();
  }

  onSettled(): void {
    this.#series.settled();
  }
}
