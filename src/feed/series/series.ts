import { NEVER, Subscription, filter } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError } from '../../core/errors.ts';
import type { Interval } from '../../core/interval.ts';
import type { SeriesProgress } from '../../core/series-progress.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import type { SeriesSignal } from '../../ports/candle-stream.ts';
import { closedCandles$ } from './closed-candles.ts';
import { SymbolStatusSource } from './last-close.ts';
import { LatestRequest } from './latest-request.ts';
import { LiveHost } from './live-host.ts';
import { newestCandles, type NewestCandles } from './newest-candles.ts';
import type { PastOptions } from './past-options.ts';
import { RunningListeners, type RunningListener } from './running-listeners.ts';
import type { SeriesContext } from './series-context.ts';
import { SeriesCommands } from './series-commands.ts';
import { seriesEnd$, type SeriesEnd } from './series-end.ts';
import { SeriesGrid } from './series-grid.ts';
import { reportSeries, type SeriesName } from './series-report.ts';
import type { RunnerDeps, SeriesRunner } from './series-runner.ts';
import { SeriesRecord } from './series-record.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';
import { SeriesSubscribers } from './series-subscribers.ts';
import { SymbolStatusMonitor, type SymbolStatusListener } from './symbol-status-monitor.ts';

/** Whether the stream carries the series is nothing to those who read the past. */
const isCandle = (signal: SeriesSignal): signal is Candle => typeof signal !== 'string';

type End = Parameters<SymbolStatusListener['onEnded']>[0];

/** One series: its machine, the status of its symbol, and everybody who subscribed. Made with the first, gone with the last. */
export class Series implements SymbolStatusListener {
  readonly symbol: string;
  readonly interval: Interval;
  readonly isLive: boolean;
  /** Known once the series has begun. */
  readonly grid: SeriesGrid;
  /** Everybody who subscribed; they are added by `join`. */
  readonly subscribers = new SeriesSubscribers();
  readonly record = new SeriesRecord();
  readonly #context: SeriesContext;
  readonly #runnerDeps: RunnerDeps;
  readonly #status: SymbolStatusMonitor;
  readonly #commands = new SeriesCommands();
  readonly #request = new LatestRequest();
  readonly #live: Subscription;
  #running: RunningListeners | undefined;
  /** The live machine, while it runs. */
  #machine: SeriesRunner | undefined;
  #isReadable = false;
  #end: End | undefined;
  #endsAt: EpochMs = Infinity;

  /** @param isLive - whether candles are to come live too; else its subscribers are given their past, and that is the end */
  constructor({ symbol, interval }: SeriesName, context: SeriesContext, isLive = true) {
    this.symbol = symbol;
    this.interval = interval;
    this.#context = context;
    this.isLive = isLive;
    this.grid = new SeriesGrid(interval, context.venue);
    const { clock, timers, restUrl } = context;
    this.#runnerDeps = { clock, timers, restUrl, reader: context.readerOf(symbol, interval) };
    this.#status = new SymbolStatusMonitor(new SymbolStatusSource(symbol, context), this);
    this.#live = isLive ? this.#run() : Subscription.EMPTY;
  }

  /** Open time of the next live candle; what is before it has closed already. */
  get next(): EpochMs {
    return this.#machine?.next ?? -Infinity;
  }

  get progress(): SeriesProgress | undefined {
    return this.#machine?.progress();
  }

  join(subscriber: SeriesSubscriber): void {
    this.subscribers.add(subscriber);
    this.#context.symbols.refresh(Infinity);
    this.#status.check(subscriber.subscribedAt);
    if (this.#machine !== undefined) this.#begin(subscriber);
    else this.start();
  }

  /** Where a subscriber stands; undefined while candles are being handed out, or are still owed to it. */
  owedTo(subscriber: SeriesSubscriber): EpochMs | undefined {
    return this.#machine?.isBusy === true ? undefined : subscriber.owed(this.next);
  }

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: RunningListener): () => void {
    this.#running ??= new RunningListeners(this.#context.stream.running$(this), () => this.next);
    return this.#running.add(listener);
  }

  stop(): void {
    this.#request.drop();
    this.#status.stop();
    this.#running?.stop();
    this.#live.unsubscribe();
  }

  /** Goes on as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#machine !== undefined || this.#request.isOpen || !this.#context.clock.known) return;
    if (!this.subscribers.isEmpty && !this.subscribers.isOver) this.#goOn();
  }

  #goOn(): void {
    if (!this.grid.isKnown) this.#findGrid();
    else if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.isLive) this.#startMachine();
    else if (this.#isReadable) this.subscribers.finish(this.#markAt(this.subscribers.firstSubscribedAt));
  }

  clockMoved(): void {
    this.start();
    this.#status.clockMoved();
    this.#commands.send({ kind: 'wake' });
  }

  /** The exchange's list has been read, or could not be. */
  checkSymbol(): void {
    if (!this.subscribers.isEmpty) this.#status.check(this.subscribers.lastSubscribedAt);
  }

  onPastReadable(): void {
    this.#isReadable = true;
    if (this.isLive) this.subscribers.warmUp();
    else this.start();
  }

  onUnknown(): void {
    const { venue, symbols } = this.#context;
    const hint = venue.hints.hintFor(this.symbol, symbols.names);
    this.subscribers.error(new UnknownSymbolError(this.symbol, venue.id, hint));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#request.drop();
    if (this.#machine === undefined && !this.subscribers.isOver) this.start();
    else this.#findEnd(end);
  }

  readonly onBug = (bug: unknown): void => {
    this.subscribers.error(bug);
  };

  begun(machine: SeriesRunner): void {
    this.#machine = machine;
    this.subscribers.forEach((subscriber) => this.#begin(subscriber));
  }

  settled(): void {
    this.#running?.release();
  }

  geoBlocked(): GeoBlockedError {
    return new GeoBlockedError(this.#context.restUrl);
  }

  report(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.record.count(output.candle, this.#context);
    reportSeries(output, this, this.#context);
    if (output.kind === 'silent') this.#context.stream.refresh(this);
  }

  /** What a warm-up of this series needs. */
  pastOptions(): PastOptions {
    const { scheduler, waits, stream } = this.#context;
    return {
      symbol: this.symbol,
      interval: this.interval,
      rules: this.#rules(true),
      deps: this.#runnerDeps,
      scheduler,
      waits,
      endsAt: () => this.#endsAt,
      signals$: this.isLive ? stream.closes$(this).pipe(filter(isCandle)) : NEVER,
      commands: this.#commands,
      report: (output) => this.report(output),
      geoBlocked: () => this.geoBlocked(),
    };
  }

  /**
   * Where closed candles end for one who subscribed at a local time and whose live candles begin at `before`. One that may
   * have closed by then counts: it may have been delivered already to somebody who says so, as our idea of the exchange's
   * clock is a little off.
   */
  closedBefore(before: EpochMs, subscribedAt: number): EpochMs {
    if (this.subscribers.isOver) return before;
    return Math.max(before, this.grid.at(this.#context.clock.atMost(subscribedAt)));
  }

  #rules(warmUp: boolean): SeriesRules {
    const { graceMs, settleMs, venue } = this.#context;
    const times = { graceMs, settleMs, gridPoint: this.grid.point };
    return { interval: this.interval, ...times, evidence: venue.evidence, fetched: venue.closes === 'fetched', warmUp };
  }

  /** The one subscription of all subscribers. */
  #run(): Subscription {
    const { stream, candleBus } = this.#context;
    const machine = { commands: this.#commands, deps: this.#runnerDeps, host: new LiveHost(this) };
    return closedCandles$(stream.closes$(this), machine, candleBus).subscribe(this.subscribers);
  }

  #startMachine(): void {
    const state = startSeries(this.#rules(false), this.#markAt(this.subscribers.firstSubscribedAt));
    this.#commands.send({ kind: 'start', state });
  }

  #markAt(local: number): EpochMs {
    return this.grid.at(this.#context.clock.exchangeAt(local));
  }

  #begin(subscriber: SeriesSubscriber): void {
    const mark = this.#markAt(subscriber.subscribedAt);
    subscriber.begin(Math.max(mark, subscriber.notBefore), mark);
    if (this.#status.isTrading) this.subscribers.warmUp();
    else this.checkSymbol();
  }

  #newest(): NewestCandles {
    return newestCandles(this, this.#runnerDeps.reader, this.#context);
  }

  #findGrid(): void {
    this.#request.ask(this.grid.learn$(this.#newest()), () => this.start(), this.onBug);
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const machine = wasTrading ? this.#machine : undefined;
    if (machine === undefined) {
      this.#live.unsubscribe();
      this.#machine = undefined;
      this.subscribers.failLive(new SymbolNotTradingError(this.symbol, status));
    }
    const options = { ...this.#newest(), evidence: this.#context.venue.evidence, deliveryTime };
    const end$ = seriesEnd$(machine === undefined ? options : { ...options, next: machine.next });
    const end = (found: SeriesEnd): void => {
      this.#endsAt = found.lastRow;
      this.#context.stats.completed += 1;
      this.#commands.send({ kind: 'ended', end: found });
      if (machine === undefined) this.subscribers.finish(found.until);
    };
    this.#request.ask(end$, end, this.onBug);
  }
}
