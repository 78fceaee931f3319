import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError, type FeedError } from '../../core/errors.ts';
import type { Interval } from '../../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import { watchSeries, type SeriesListener, type Watch } from './series-watch.ts';
import type { SeriesContext } from './series-context.ts';
import { newestCandles, type NewestCandles } from './newest-candles.ts';
import { LatestRequest } from './latest-request.ts';
import type { SeriesSubscriber } from './series-subscriber.ts';
import { SeriesSubscribers } from './series-subscribers.ts';
import { seriesEnd$, type SeriesEnd } from './series-end.ts';
import { SeriesGrid } from './series-grid.ts';
import { statusOptionsOf } from './last-close.ts';
import { SymbolStatusMonitor, type SymbolStatusListener } from './symbol-status-monitor.ts';
import { RunningListeners, type RunningListener } from './running-listeners.ts';
import { reportSeries, type SeriesName } from './series-report.ts';
import { SeriesRunner, type RunnerDeps, type RunnerListener } from './series-runner.ts';
import type { PastOptions } from './warm-up.ts';

/** Closes that came before the exchange's clock was known; each brings the time along, so they are few. */
const MOST_EARLY = 100;
/** Of a series that is only read. */
const NO_WATCH: Watch = { setRunning: () => undefined, refresh: () => undefined, stop: () => undefined };
type End = Parameters<SymbolStatusListener['onEnded']>[0];

/** One series: a watch on the stream, a state machine, and everybody who subscribed. */
export class SeriesHub implements SeriesListener, SymbolStatusListener, RunnerListener {
  readonly symbol: string;
  readonly interval: Interval;
  /** Known once the series has begun. */
  readonly grid: SeriesGrid;
  readonly #deps: SeriesContext;
  readonly #isLive: boolean;
  readonly #runnerDeps: RunnerDeps;
  readonly #newest: NewestCandles;
  readonly #watch: Watch;
  readonly #status: SymbolStatusMonitor;
  /** Everybody who subscribed; they are added by `join`. */
  readonly subscribers = new SeriesSubscribers();
  readonly #pastRunners: SeriesRunner[] = [];
  #running: RunningListeners | undefined;
  #runner: SeriesRunner | undefined;
  #early: Candle[] = [];
  #isCarried = false;
  #isReadable = false;
  readonly #request = new LatestRequest();
  #end: End | undefined;
  #endsAt: EpochMs = Infinity;

  /** @param isLive - whether candles are to come live too; else its subscribers are given their past, and that is the end */
  constructor({ symbol, interval }: SeriesName, deps: SeriesContext, isLive = true) {
    this.symbol = symbol;
    this.interval = interval;
    this.#deps = deps;
    this.#isLive = isLive;
    this.grid = new SeriesGrid(interval);
    const { clock, timers, restUrl } = deps;
    this.#runnerDeps = { clock, timers, restUrl, reader: deps.readerOf(symbol, interval) };
    this.#newest = newestCandles(this, this.#runnerDeps.reader, deps);
    this.#status = new SymbolStatusMonitor(statusOptionsOf(symbol, deps), this);
    this.#watch = isLive ? watchSeries(deps.stream, { symbol, interval }, this) : NO_WATCH;
  }

  /** Open time of the next live candle; what is before it has closed already. */
  get next(): EpochMs {
    return this.#runner?.next ?? -Infinity;
  }

  join(subscriber: SeriesSubscriber): void {
    this.subscribers.add(subscriber);
    this.#deps.symbols.refresh(Infinity);
    this.#status.check(subscriber.subscribedAt);
    if (this.#runner !== undefined) this.#begin(subscriber);
    else this.start();
  }

  /** Where a subscriber stands; undefined while candles are being handed out, or are still owed to it. */
  owedTo(subscriber: SeriesSubscriber): EpochMs | undefined {
    return this.#runner?.isBusy === true ? undefined : subscriber.owed(this.next);
  }

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: RunningListener): () => void {
    this.#running ??= new RunningListeners(this.#watch);
    return this.#running.add(listener);
  }

  stop(): void {
    this.#request.drop();
    this.#status.stop();
    this.#runner?.stop();
    this.#watch.stop();
  }

  /** Goes on as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#runner !== undefined || this.#request.isOpen || !this.#deps.clock.known) return;
    if (!this.subscribers.isEmpty && !this.subscribers.isOver) this.#goOn();
  }

  #goOn(): void {
    if (!this.grid.isKnown) this.#findGrid();
    else if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.#isLive) this.#startRunner();
    else if (this.#isReadable) this.subscribers.finish(this.#markAt(this.subscribers.firstSubscribedAt));
  }

  clockMoved(): void {
    this.start();
    this.#status.clockMoved();
    this.#runner?.handle({ kind: 'wake' });
    for (const past of [...this.#pastRunners]) past.handle({ kind: 'wake' });
  }

  /** The exchange's list has been read, or could not be. */
  checkSymbol(): void {
    if (!this.subscribers.isEmpty) this.#status.check(this.subscribers.lastSubscribedAt);
  }

  onClosed(candle: Candle): void {
    for (const past of [...this.#pastRunners])
      if (candle.timestamp < past.until) past.handle({ kind: 'closed', candle });
    if (this.#runner !== undefined) this.#runner.handle({ kind: 'closed', candle });
    else if (this.#early.length < MOST_EARLY) this.#early.push(candle);
  }

  onRunning(candle: Candle, eventTime: EpochMs): void {
    if (candle.timestamp >= this.next) this.#running?.tell(candle, eventTime);
  }

  onSettled(): void {
    this.#running?.release();
  }

  onLive(): void {
    this.#isCarried = true;
    this.#runner?.handle({ kind: 'live' });
  }

  onLost(): void {
    this.#isCarried = false;
    this.#runner?.handle({ kind: 'lost' });
  }

  onError(error: FeedError): void {
    this.subscribers.fail(error);
  }

  onPastReadable(): void {
    this.#isReadable = true;
    if (this.#isLive) this.subscribers.warmUp();
    else this.start();
  }

  onUnknown(): void {
    const { venue, symbols } = this.#deps;
    const hint = venue.hints.hintFor(this.symbol, symbols.names);
    this.subscribers.fail(new UnknownSymbolError(this.symbol, venue.id, hint));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#request.drop();
    if (this.#runner === undefined && !this.subscribers.isOver) this.start();
    else this.#findEnd(end);
  }

  onOutput(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#deliver(output.candle);
    else if (output.kind === 'done') this.subscribers.complete();
    this.#report(output);
  }

  onGeoBlocked(): void {
    this.subscribers.fail(new GeoBlockedError(this.#deps.restUrl));
  }

  readonly onBug = (bug: unknown): void => {
    this.subscribers.fail(bug);
  };

  /** What a warm-up of this series needs. */
  pastOptions(): PastOptions {
    const { scheduler, waits } = this.#deps;
    return {
      symbol: this.symbol,
      interval: this.interval,
      rules: this.#rules(true),
      deps: this.#runnerDeps,
      scheduler,
      waits,
      endsAt: () => this.#endsAt,
      runners: this.#pastRunners,
      report: (output) => this.#report(output),
      geoBlocked: () => new GeoBlockedError(this.#deps.restUrl),
    };
  }

  /**
   * Where closed candles end for one whose live candles begin at `before`. One that is about to settle counts: it may have
   * been delivered already to somebody who says so, as our idea of the exchange's clock is a little off.
   */
  closedBefore(before: EpochMs): EpochMs {
    if (this.subscribers.isOver) return before;
    return Math.max(before, this.grid.at(this.#deps.clock.now() + this.#deps.settleMs));
  }

  #rules(warmUp: boolean): SeriesRules {
    const { graceMs, settleMs } = this.#deps;
    return { interval: this.interval, graceMs, settleMs, warmUp, gridPoint: this.grid.point };
  }

  #startRunner(): void {
    const state = startSeries(this.#rules(false), this.#markAt(this.subscribers.firstSubscribedAt));
    const runner = new SeriesRunner(this.#runnerDeps, state, this);
    this.#runner = runner;
    this.subscribers.forEach((subscriber) => this.#begin(subscriber));
    runner.handle({ kind: this.#isCarried ? 'live' : 'wake' });
    for (const candle of this.#early.splice(0)) runner.handle({ kind: 'closed', candle });
  }

  #markAt(local: number): EpochMs {
    return this.grid.at(this.#deps.clock.exchangeAt(local));
  }

  #begin(subscriber: SeriesSubscriber): void {
    const mark = this.#markAt(subscriber.subscribedAt);
    subscriber.begin(Math.max(mark, subscriber.notBefore), mark);
    if (this.#status.isTrading) this.subscribers.warmUp();
    else this.checkSymbol();
  }

  #findGrid(): void {
    this.#request.ask(this.grid.learn$(this.#newest), () => this.start(), this.onBug);
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const runner = wasTrading ? this.#runner : undefined;
    if (runner === undefined) {
      this.#runner?.stop();
      this.#runner = undefined;
      this.subscribers.failLive(new SymbolNotTradingError(this.symbol, status));
    }
    const options = { ...this.#newest, deliveryTime };
    const end$ = seriesEnd$(runner === undefined ? options : { ...options, next: runner.next });
    const end = ({ until, lastRow }: SeriesEnd): void => {
      this.#endsAt = lastRow;
      for (const past of [...this.#pastRunners]) past.endAt(lastRow);
      if (runner === undefined) this.subscribers.finish(until);
      else runner.endAt(until);
    };
    this.#request.ask(end$, end, this.onBug);
  }

  #deliver(candle: Candle): void {
    this.#deps.stats.countDelay(candle, this.#deps.clock.now());
    this.subscribers.deliver(candle);
    this.#deps.publish({ type: 'CANDLE_CLOSED', symbol: this.symbol, interval: this.interval, candle });
  }

  #report(output: SeriesOutput): void {
    reportSeries(output, this, this.#deps);
    if (output.kind === 'silent') this.#watch.refresh();
  }
}
