import type { Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError } from '../../core/errors.ts';
import type { Interval } from '../../core/interval.ts';
import type { SeriesProgress } from '../../core/series-progress.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import type { CandleReader } from '../rest/candle-reader.ts';
import { LatestRequest } from './latest-request.ts';
import { LiveMachine } from './live-machine.ts';
import { newestCandles, type NewestCandles } from './newest-candles.ts';
import { RunningListeners, type RunningListener } from './running-listeners.ts';
import type { SeriesContext } from './series-context.ts';
import { SeriesCommands, type SeriesCommand } from './series-commands.ts';
import { seriesEnd$, type SeriesEnd } from './series-end.ts';
import type { SeriesGrid } from './series-grid.ts';
import { SeriesPast } from './series-past.ts';
import type { SeriesName } from './series-name.ts';
import { reportSeries } from './series-report.ts';
import { SeriesRecord } from './series-record.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';
import { SeriesSubscribers } from './series-subscribers.ts';
import type { SymbolPhase, SymbolStatusListener } from './symbol-status-monitor.ts';

type End = Parameters<SymbolStatusListener['onEnded']>[0];

/** One series: its machine, the status of its symbol, and everybody who subscribed. Made with the first, gone with the last. */
export class Series implements SymbolStatusListener {
  readonly symbol: string;
  readonly interval: Interval;
  /** Known once the series has begun. */
  readonly grid: SeriesGrid;
  /** Everybody who subscribed; they are added by `join`. */
  readonly subscribers = new SeriesSubscribers();
  readonly record = new SeriesRecord();
  symbolPhase: SymbolPhase = 'unsure';
  readonly #context: SeriesContext;
  /** Undefined where the series is only read. */
  readonly #live: LiveMachine | undefined;
  /** To the machines that read its past, if there ever were any. */
  #pastCommands: SeriesCommands | undefined;
  #running: RunningListeners | undefined;
  /** Made when the first question is asked, which most series never need. */
  #request: LatestRequest | undefined;
  #isReadable = false;
  #end: End | undefined;
  #endsAt: EpochMs | undefined;

  /** @param isLive - whether candles are to come live too; else its subscribers are given their past, and that is the end */
  constructor({ symbol, interval }: SeriesName, context: SeriesContext, isLive = true) {
    this.symbol = symbol;
    this.interval = interval;
    this.#context = context;
    this.grid = context.gridOf(interval);
    this.#live = isLive ? new LiveMachine(this) : undefined;
    this.#live?.open();
  }

  /** Open time of the next live candle; what is before it has closed already. */
  get next(): EpochMs {
    return this.#live?.nextOpen ?? -Infinity;
  }

  get isLive(): boolean {
    return this.#live !== undefined;
  }

  /** Open time at which the series ended; Infinity while it goes on. */
  get endsAt(): EpochMs {
    return this.#endsAt ?? Infinity;
  }

  /** The rules shared by all series of this interval, unless this series has its own grid. */
  get rules(): SeriesRules {
    const [rules, gridPoint] = [this.#context.rulesOf(this.interval), this.grid.point];
    return gridPoint === undefined ? rules : { ...rules, gridPoint };
  }

  get shared(): SeriesContext {
    return this.#context;
  }

  get reader(): CandleReader {
    return this.#context.readerOf(this.symbol, this.interval);
  }

  get progress(): SeriesProgress | undefined {
    return this.#live?.progress;
  }

  join(subscriber: SeriesSubscriber): void {
    this.subscribers.add(subscriber);
    this.#context.symbols.refresh(Infinity);
    this.#context.symbolStatus.check(this, subscriber.subscribedAt);
    if (this.#isRunning) this.#begin(subscriber);
    else this.start();
  }

  /** Open time of the next candle for a subscriber; undefined while older ones are still being delivered. */
  owedTo(subscriber: SeriesSubscriber): EpochMs | undefined {
    return this.#live?.isBusy === true ? undefined : subscriber.owed(this.next);
  }

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: RunningListener): () => void {
    this.#running ??= new RunningListeners(this.#context.stream.running$(this), () => this.next);
    return this.#running.add(listener);
  }

  stop(): void {
    this.#request?.drop();
    this.#context.symbolStatus.stop(this);
    this.#running?.stop();
    this.#live?.close();
    this.#context.candleBus.leave(this, this.record.lastTimestamp);
  }

  /** Begins as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#isRunning || this.#request?.isOpen === true || !this.#context.clock.known) return;
    if (!this.subscribers.isEmpty && !this.subscribers.isOver) this.#goOn();
  }

  #goOn(): void {
    if (!this.grid.isKnown) this.#findGrid();
    else if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.#live !== undefined) this.#startMachine();
    else if (this.#isReadable) this.subscribers.finish(this.#markAt(this.subscribers.firstSubscribedAt));
  }

  clockMoved(): void {
    this.start();
    this.#context.symbolStatus.clockMoved(this);
    this.#send({ kind: 'wake' });
  }

  /** The exchange's list has been read, or could not be. */
  checkSymbol(): void {
    if (this.subscribers.isEmpty) return;
    const { symbols, symbolStatus, restUrl } = this.#context;
    if (!this.#canBegin && symbols.isFailing && symbols.isGeoBlocked)
      this.subscribers.error(new GeoBlockedError(restUrl));
    else symbolStatus.check(this, this.subscribers.lastSubscribedAt);
  }

  onPastReadable(): void {
    this.#isReadable = true;
    if (this.#live !== undefined) this.subscribers.warmUp();
    else this.start();
  }

  onUnknown(): void {
    const { venue, symbols } = this.#context;
    const hint = venue.hints.hintFor(this.symbol, symbols.names);
    this.subscribers.error(new UnknownSymbolError(this.symbol, venue.id, hint));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#request?.drop();
    if (!this.#isRunning && !this.subscribers.isOver) this.start();
    else this.#findEnd(end);
  }

  onBug(bug: unknown): void {
    this.subscribers.error(bug);
  }

  begun(): void {
    this.subscribers.forEach((subscriber) => this.#begin(subscriber));
  }

  settled(): void {
    this.#running?.release();
  }

  report(output: SeriesOutput): void {
    reportSeries(output, this, this.#context);
  }

  /** The past of the series, for a subscriber who wants it. */
  past(): SeriesPast {
    this.#pastCommands ??= new SeriesCommands();
    return new SeriesPast(this, this.#pastCommands, this.#context);
  }

  get #isRunning(): boolean {
    return this.#live?.isRunning === true;
  }

  /** Whether it can begin without REST: the stream tells the time, and a store may have the past. */
  get #canBegin(): boolean {
    return this.grid.isKnown && (this.isLive || this.#context.clock.known);
  }

  #send(command: SeriesCommand): void {
    this.#live?.obey(command);
    this.#pastCommands?.send(command);
  }

  #startMachine(): void {
    const state = startSeries(this.rules, this.#markAt(this.subscribers.firstSubscribedAt));
    this.#send({ kind: 'start', state });
  }

  #markAt(local: number): EpochMs {
    return this.grid.at(this.#context.clock.exchangeAt(local));
  }

  #begin(subscriber: SeriesSubscriber): void {
    const mark = this.#markAt(subscriber.subscribedAt);
    subscriber.begin(Math.max(mark, subscriber.notBefore), mark);
    if (this.symbolPhase === 'trading') this.subscribers.warmUp();
    else this.checkSymbol();
  }

  #ask<T>(question$: Observable<T>, then: (answer: T) => void): void {
    this.#request ??= new LatestRequest();
    this.#request.ask(question$, then, this);
  }

  #newest(): NewestCandles {
    return newestCandles(this, this.reader, this.#context);
  }

  #findGrid(): void {
    this.#ask(this.grid.learn$(this.#newest()), () => this.start());
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const isRunning = wasTrading && this.#isRunning;
    if (!isRunning) {
      this.#live?.close();
      this.subscribers.failLive(new SymbolNotTradingError(this.symbol, status));
    }
    const options = { ...this.#newest(), evidence: this.#context.venue.evidence, deliveryTime };
    const end$ = seriesEnd$(isRunning ? { ...options, next: this.next } : options);
    const end = (found: SeriesEnd): void => {
      this.#endsAt = found.lastRow;
      this.#context.stats.completed += 1;
      this.#send({ kind: 'ended', end: found });
      if (!isRunning) this.subscribers.finish(found.until);
    };
    this.#ask(end$, end);
  }
}
