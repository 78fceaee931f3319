import type { Candle, EpochMs } from '../../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError, type FeedError } from '../../core/errors.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../../core/series-state.ts';
import { symbolHint } from '../../venues/hints.ts';
import type { SeriesListener, Watch } from '../../ports/candle-stream.ts';
import { gridPoint$ } from './grid-point.ts';
import type { HubDeps } from './hub-deps.ts';
import { OneQuestion } from './one-question.ts';
import type { Recipient } from './recipient.ts';
import { Recipients } from './recipients.ts';
import { seriesEnd$ } from './series-end.ts';
import { SeriesLife, type LifeListener } from './series-life.ts';
import { RunningListeners } from './running-listeners.ts';
import { reportSeries } from './series-report.ts';
import { SeriesRunner, type RunnerDeps, type RunnerListener } from './series-runner.ts';
import type { PastOptions } from './warm-up.ts';

/** Closes that came before the exchange's clock was known; each brings the time along, so they are few. */
const MOST_EARLY = 100;
type End = Parameters<LifeListener['onEnded']>[0];

/** One series: a watch on the stream, a state machine, and everybody who subscribed. */
export class SeriesHub implements SeriesListener, LifeListener, RunnerListener {
  readonly symbol: string;
  readonly interval: Interval;
  readonly #deps: HubDeps;
  readonly #runnerDeps: RunnerDeps;
  readonly #watch: Watch;
  readonly #life: SeriesLife;
  /** Everybody who subscribed; they are added by `join`. */
  readonly recipients = new Recipients();
  readonly #pastRunners: SeriesRunner[] = [];
  #running: RunningListeners | undefined;
  #runner: SeriesRunner | undefined;
  #early: Candle[] = [];
  #isLive = false;
  #gridPoint: EpochMs | undefined;
  readonly #question = new OneQuestion();
  #end: End | undefined;

  constructor(symbol: string, interval: Interval, deps: HubDeps) {
    this.symbol = symbol;
    this.interval = interval;
    this.#deps = deps;
    this.#runnerDeps = { clock: deps.clock, deadlines: deps.deadlines, reader: deps.readerOf(symbol, interval) };
    this.#life = new SeriesLife(symbol, deps.symbols, this);
    this.#watch = deps.stream.watch(symbol, interval, this);
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

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: (candle: Candle) => void): () => void {
    this.#running ??= new RunningListeners(this.#watch);
    return this.#running.add(listener);
  }

  stop(): void {
    this.#question.drop();
    this.#runner?.stop();
    this.#watch.stop();
  }

  /** Goes on as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#runner !== undefined || this.#question.isOpen || !this.#deps.clock.known || this.recipients.isEmpty)
      return;
    if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.interval === '3d' && this.#gridPoint === undefined) this.#findGrid();
    else this.#startRunner();
  }

  clockMoved(): void {
    this.start();
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

  onLive(): void {
    this.#isLive = true;
    this.#runner?.handle({ kind: 'live' });
  }

  onLost(): void {
    this.#isLive = false;
    this.#runner?.handle({ kind: 'lost' });
  }

  onError(error: FeedError): void {
    this.recipients.fail(error);
  }

  onPastReadable(): void {
    this.recipients.warmUp();
  }

  onUnknown(): void {
    const { venue, symbols } = this.#deps;
    const hint = symbolHint(this.symbol, venue.id, symbols.names);
    this.recipients.fail(new UnknownSymbolError(this.symbol, venue.id, hint));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#question.drop();
    if (this.#runner === undefined) this.start();
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

  /** What a warm-up of this series needs. */
  pastOptions(): PastOptions {
    return {
      interval: this.interval,
      rules: this.#rules(true),
      deps: this.#runnerDeps,
      scheduler: this.#deps.scheduler,
      runners: this.#pastRunners,
      report: (output) => {
        this.#report(output);
      },
      geoBlocked: () => new GeoBlockedError(this.#deps.restUrl),
    };
  }

  /** First open time after `time`. Only once the series has begun, when its grid is known. */
  openTimeAfter(time: EpochMs): EpochMs {
    return nextOpenTime(openTimeAt(time, this.interval, this.#gridPoint), this.interval);
  }

  #rules(warmUp: boolean): SeriesRules {
    const { graceMs, settleMs } = this.#deps;
    return { interval: this.interval, graceMs, settleMs, warmUp };
  }

  #startRunner(): void {
    const state = startSeries(this.#rules(false), this.#markAt(this.recipients.firstSubscribedAt));
    const runner = new SeriesRunner(this.#runnerDeps, state, this);
    this.#runner = runner;
    this.recipients.forEach((recipient) => {
      this.#begin(recipient);
    });
    runner.handle({ kind: this.#isLive ? 'live' : 'wake' });
    for (const candle of this.#early.splice(0)) runner.handle({ kind: 'closed', candle });
  }

  #markAt(local: number): EpochMs {
    return openTimeAt(this.#deps.clock.exchangeAt(local), this.interval, this.#gridPoint);
  }

  #begin(recipient: Recipient): void {
    const mark = this.#markAt(recipient.subscribedAt);
    recipient.begin(Math.max(mark, recipient.notBefore), mark);
    if (this.#life.isTrading) this.recipients.warmUp();
    else this.checkSymbol();
  }

  #findGrid(): void {
    const { clock, scheduler } = this.#deps;
    this.#question.ask(
      gridPoint$(this.#runnerDeps.reader, () => clock.now(), scheduler),
      (gridPoint) => {
        this.#gridPoint = gridPoint;
        this.start();
      },
    );
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const { clock, scheduler } = this.#deps;
    const runner = wasTrading ? this.#runner : undefined;
    if (runner === undefined) {
      this.#runner?.stop();
      this.#runner = undefined;
      this.recipients.failLive(new SymbolNotTradingError(this.symbol, status));
    }
    const options = { reader: this.#runnerDeps.reader, scheduler, now: () => clock.now(), deliveryTime };
    const end$ = seriesEnd$(runner === undefined ? options : { ...options, next: runner.next });
    this.#question.ask(end$, (until) => {
      for (const one of runner === undefined ? this.#pastRunners.slice() : [runner]) {
        if (until < one.until) one.handle({ kind: 'until', until });
      }
      if (runner === undefined) this.recipients.finish(until);
    });
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
