import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError, type FeedError } from '../../core/errors.ts';
import type { Interval } from '../../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import { symbolHint } from '../../venues/hints.ts';
import { watchSeries, type SeriesListener, type Watch } from './series-watch.ts';
import type { HubDeps } from './hub-deps.ts';
import { newestCandles, type NewestCandles } from './newest-candles.ts';
import { OneQuestion } from './one-question.ts';
import type { Recipient } from './recipient.ts';
import { Recipients } from './recipients.ts';
import { seriesEnd$, type SeriesEnd } from './series-end.ts';
import { SeriesGrid } from './series-grid.ts';
import { lifeOptionsOf } from './last-close.ts';
import { SeriesLife, type LifeListener } from './series-life.ts';
import { RunningListeners, type RunningListener } from './running-listeners.ts';
import { reportSeries, type SeriesName } from './series-report.ts';
import { SeriesRunner, type RunnerDeps, type RunnerListener } from './series-runner.ts';
import type { PastOptions } from './warm-up.ts';

/** Closes that came before the exchange's clock was known; each brings the time along, so they are few. */
const MOST_EARLY = 100;
/** Of a series that is only read. */
const NO_WATCH: Watch = { setRunning: () => undefined, refresh: () => undefined, stop: () => undefined };
type End = Parameters<LifeListener['onEnded']>[0];

/** One series: a watch on the stream, a state machine, and everybody who subscribed. */
export class SeriesHub implements SeriesListener, LifeListener, RunnerListener {
  readonly symbol: string;
  readonly interval: Interval;
  /** Known once the series has begun. */
  readonly grid: SeriesGrid;
  readonly #deps: HubDeps;
  readonly #isLive: boolean;
  readonly #runnerDeps: RunnerDeps;
  readonly #newest: NewestCandles;
  readonly #watch: Watch;
  readonly #life: SeriesLife;
  /** Everybody who subscribed; they are added by `join`. */
  readonly recipients = new Recipients();
  readonly #pastRunners: SeriesRunner[] = [];
  #running: RunningListeners | undefined;
  #runner: SeriesRunner | undefined;
  #early: Candle[] = [];
  #isCarried = false;
  #isReadable = false;
  readonly #question = new OneQuestion();
  #end: End | undefined;
  #endsAt: EpochMs = Infinity;

  /** @param isLive - whether candles are to come live too; else its recipients are given their past, and that is the end */
  constructor({ symbol, interval }: SeriesName, deps: HubDeps, isLive = true) {
    this.symbol = symbol;
    this.interval = interval;
    this.#deps = deps;
    this.#isLive = isLive;
    this.grid = new SeriesGrid(interval);
    const { clock, deadlines, restUrl } = deps;
    this.#runnerDeps = { clock, deadlines, restUrl, reader: deps.readerOf(symbol, interval) };
    this.#newest = newestCandles(this, this.#runnerDeps.reader, deps);
    this.#life = new SeriesLife(lifeOptionsOf(symbol, deps), this);
    this.#watch = isLive ? watchSeries(deps.stream, { symbol, interval }, this) : NO_WATCH;
  }

  /** Open time of the next live candle; what is before it has closed already. */
  get next(): EpochMs {
    return this.#runner?.next ?? -Infinity;
  }

  join(recipient: Recipient): void {
    this.recipients.add(recipient);
    this.#deps.symbols.refresh(Infinity);
    this.#life.check(recipient.subscribedAt);
    if (this.#runner !== undefined) this.#begin(recipient);
    else this.start();
  }

  /** Where a recipient stands; undefined while candles are being handed out, or are still owed to it. */
  owedTo(recipient: Recipient): EpochMs | undefined {
    return this.#runner?.isBusy === true ? undefined : recipient.owed(this.next);
  }

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: RunningListener): () => void {
    this.#running ??= new RunningListeners(this.#watch);
    return this.#running.add(listener);
  }

  stop(): void {
    this.#question.drop();
    this.#life.stop();
    this.#runner?.stop();
    this.#watch.stop();
  }

  /** Goes on as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#runner !== undefined || this.#question.isOpen || !this.#deps.clock.known) return;
    if (!this.recipients.isEmpty && !this.recipients.isOver) this.#goOn();
  }

  #goOn(): void {
    if (!this.grid.isKnown) this.#findGrid();
    else if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.#isLive) this.#startRunner();
    else if (this.#isReadable) this.recipients.finish(this.#markAt(this.recipients.firstSubscribedAt));
  }

  clockMoved(): void {
    this.start();
    this.#life.clockMoved();
    this.#runner?.handle({ kind: 'wake' });
    for (const past of [...this.#pastRunners]) past.handle({ kind: 'wake' });
  }

  /** The exchange's list has been read, or could not be. */
  checkSymbol(): void {
    if (!this.recipients.isEmpty) this.#life.check(this.recipients.lastSubscribedAt);
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
    this.recipients.fail(error);
  }

  onPastReadable(): void {
    this.#isReadable = true;
    if (this.#isLive) this.recipients.warmUp();
    else this.start();
  }

  onUnknown(): void {
    const { venue, symbols } = this.#deps;
    const hint = symbolHint(this.symbol, venue.id, symbols.names);
    this.recipients.fail(new UnknownSymbolError(this.symbol, venue.id, hint));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#question.drop();
    if (this.#runner === undefined && !this.recipients.isOver) this.start();
    else this.#findEnd(end);
  }

  onOutput(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#deliver(output.candle);
    else if (output.kind === 'done') this.recipients.complete();
    this.#report(output);
  }

  onGeoBlocked(): void {
    this.recipients.fail(new GeoBlockedError(this.#deps.restUrl));
  }

  readonly onBug = (bug: unknown): void => {
    this.recipients.fail(bug);
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
    if (this.recipients.isOver) return before;
    return Math.max(before, this.grid.at(this.#deps.clock.now() + this.#deps.settleMs));
  }

  #rules(warmUp: boolean): SeriesRules {
    const { graceMs, settleMs } = this.#deps;
    return { interval: this.interval, graceMs, settleMs, warmUp, gridPoint: this.grid.point };
  }

  #startRunner(): void {
    const state = startSeries(this.#rules(false), this.#markAt(this.recipients.firstSubscribedAt));
    const runner = new SeriesRunner(this.#runnerDeps, state, this);
    this.#runner = runner;
    this.recipients.forEach((recipient) => this.#begin(recipient));
    runner.handle({ kind: this.#isCarried ? 'live' : 'wake' });
    for (const candle of this.#early.splice(0)) runner.handle({ kind: 'closed', candle });
  }

  #markAt(local: number): EpochMs {
    return this.grid.at(this.#deps.clock.exchangeAt(local));
  }

  #begin(recipient: Recipient): void {
    const mark = this.#markAt(recipient.subscribedAt);
    recipient.begin(Math.max(mark, recipient.notBefore), mark);
    if (this.#life.isTrading) this.recipients.warmUp();
    else this.checkSymbol();
  }

  #findGrid(): void {
    this.#question.ask(this.grid.learn$(this.#newest), () => this.start(), this.onBug);
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const runner = wasTrading ? this.#runner : undefined;
    if (runner === undefined) {
      this.#runner?.stop();
      this.#runner = undefined;
      this.recipients.failLive(new SymbolNotTradingError(this.symbol, status));
    }
    const options = { ...this.#newest, deliveryTime };
    const end$ = seriesEnd$(runner === undefined ? options : { ...options, next: runner.next });
    const end = ({ until, lastRow }: SeriesEnd): void => {
      this.#endsAt = lastRow;
      for (const past of [...this.#pastRunners]) past.endAt(lastRow);
      if (runner === undefined) this.recipients.finish(until);
      else runner.endAt(until);
    };
    this.#question.ask(end$, end, this.onBug);
  }

  #deliver(candle: Candle): void {
    this.#deps.stats.countDelay(candle, this.#deps.clock.now());
    this.recipients.deliver(candle);
    this.#deps.publish({ type: 'CANDLE_CLOSED', symbol: this.symbol, interval: this.interval, candle });
  }

  #report(output: SeriesOutput): void {
    reportSeries(output, this, this.#deps);
    if (output.kind === 'silent') this.#watch.refresh();
  }
}
