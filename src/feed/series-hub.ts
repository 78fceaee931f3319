import type { SchedulerLike, Subscription } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError, type FeedError } from '../core/errors.ts';
import type { FeedEvent } from '../core/events.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../core/interval.ts';
import { startSeries, type SeriesOutput, type SeriesRules } from '../core/series-state.ts';
import type { CandleStream, SeriesListener, Watch } from '../ports/candle-stream.ts';
import type { Venue } from '../venues/venue.ts';
import type { CandleReader } from './candle-reader.ts';
import type { Deadlines } from './deadlines.ts';
import type { FeedClock } from './feed-clock.ts';
import type { FeedStats } from './feed-stats.ts';
import { gridPoint$ } from './grid-point.ts';
import { WarmRecipient, type Recipient } from './recipient.ts';
import { seriesEnd$ } from './series-end.ts';
import { SeriesLife, type LifeListener } from './series-life.ts';
import { reportSeries, type MissingLedger } from './series-report.ts';
import { SeriesRunner } from './series-runner.ts';
import type { SymbolList } from './symbol-list.ts';
import type { PastOptions } from './warm-up.ts';

export interface HubDeps {
  readonly venue: Venue;
  readonly restUrl: string;
  readonly graceMs: number;
  readonly settleMs: number;
  readonly scheduler: SchedulerLike;
  readonly clock: FeedClock;
  readonly deadlines: Deadlines;
  readonly stats: FeedStats;
  readonly symbols: SymbolList;
  readonly stream: CandleStream;
  readonly missing: MissingLedger;
  readonly readerOf: (symbol: string, interval: Interval) => CandleReader;
  readonly publish: (event: FeedEvent) => void;
}

/** Closes that came before the exchange's clock was known; each brings the time along, so they are few. */
const MOST_EARLY = 100;
/** When a close is late, a symbol list older than this is read again, ms; and when REST does not show it either. */
const LIST_AGE_LATE_MS = 60_000;
const LIST_AGE_DOUBTFUL_MS = 3000;

type End = Parameters<LifeListener['onEnded']>[0];

/** One series: a watch on the stream, a state machine, and everybody who subscribed. */
export class SeriesHub implements SeriesListener, LifeListener {
  readonly symbol: string;
  readonly interval: Interval;
  readonly #deps: HubDeps;
  readonly #reader: CandleReader;
  readonly #watch: Watch;
  readonly #life: SeriesLife;
  readonly #recipients = new Set<Recipient>();
  readonly #pastRunners: SeriesRunner[] = [];
  #running: readonly ((candle: Candle) => void)[] = [];
  #runner: SeriesRunner | undefined;
  #early: Candle[] = [];
  #isLive = false;
  #gridPoint: EpochMs | undefined;
  #asking: Subscription | undefined;
  #end: End | undefined;

  constructor(symbol: string, interval: Interval, deps: HubDeps) {
    this.symbol = symbol;
    this.interval = interval;
    this.#deps = deps;
    this.#reader = deps.readerOf(symbol, interval);
    this.#life = new SeriesLife(symbol, deps.symbols, this);
    this.#watch = deps.stream.watch(symbol, interval, this);
  }

  /** Open time of the next live candle; what is before it has closed already. */
  get next(): EpochMs {
    return this.#runner?.next ?? -Infinity;
  }

  get isEmpty(): boolean {
    return this.#recipients.size === 0;
  }

  join(recipient: Recipient): void {
    this.#recipients.add(recipient);
    this.#deps.symbols.refresh(Infinity);
    this.#life.check(recipient.subscribedAt);
    if (this.#runner !== undefined) this.#begin(recipient);
    else this.start();
  }

  leave(recipient: Recipient): void {
    this.#recipients.delete(recipient);
  }

  /** Passes on updates of the running candle, until the function it returns is called. */
  listen(listener: (candle: Candle) => void): () => void {
    this.#running = [...this.#running, listener];
    this.#watch.setRunning(true);
    return () => {
      this.#running = this.#running.filter((other) => other !== listener);
      this.#watch.setRunning(this.#running.length > 0);
    };
  }

  completeAll(): void {
    for (const recipient of [...this.#recipients]) recipient.complete();
  }

  stop(): void {
    this.#asking?.unsubscribe();
    this.#runner?.stop();
    this.#watch.stop();
  }

  /** Goes on as soon as the exchange's clock and the grid of the series are known. */
  start(): void {
    if (this.#runner !== undefined || this.#asking !== undefined || !this.#deps.clock.known || this.isEmpty) return;
    if (this.#end !== undefined) this.#findEnd(this.#end);
    else if (this.interval === '3d' && this.#gridPoint === undefined) this.#findGrid();
    else this.#startRunner();
  }

  clockMoved(): void {
    this.start();
    this.#runner?.handle({ kind: 'wake' });
  }

  /** The exchange's list has been read, or could not be. */
  checkSymbol(): void {
    const asked = [...this.#recipients].map(({ subscribedAt }) => subscribedAt);
    if (asked.length > 0) this.#life.check(Math.max(...asked));
  }

  onClosed(candle: Candle): void {
    for (const past of [...this.#pastRunners])
      if (candle.timestamp < past.until) past.handle({ kind: 'closed', candle });
    if (this.#runner !== undefined) this.#runner.handle({ kind: 'closed', candle });
    else if (this.#early.length < MOST_EARLY) this.#early.push(candle);
  }

  onRunning(candle: Candle): void {
    if (candle.timestamp >= this.next) for (const listener of this.#running) listener(candle);
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
    this.#failAll(error);
  }

  onTrading(): void {
    this.#warmUp();
  }

  onUnchecked(): void {
    this.#warmUp();
  }

  onUnknown(): void {
    this.#failAll(new UnknownSymbolError(this.symbol, this.#deps.venue.id));
  }

  onEnded(end: End): void {
    this.#end = end;
    this.#asking?.unsubscribe();
    this.#asking = undefined;
    if (this.#runner === undefined) this.start();
    else this.#findEnd(end);
  }

  /** What a warm-up of this series needs. */
  pastOptions(): PastOptions {
    return {
      interval: this.interval,
      rules: this.#rules(true),
      deps: { ...this.#deps, reader: this.#reader },
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
    const first = Math.min(...[...this.#recipients].map(({ subscribedAt }) => subscribedAt));
    const listener = {
      onOutput: (output: SeriesOutput) => {
        this.#onOutput(output);
      },
      onGeoBlocked: () => {
        this.#failAll(new GeoBlockedError(this.#deps.restUrl));
      },
    };
    const runner = new SeriesRunner(
      { ...this.#deps, reader: this.#reader },
      startSeries(this.#rules(false), this.#markAt(first)),
      listener,
    );
    this.#runner = runner;
    for (const recipient of [...this.#recipients]) this.#begin(recipient);
    runner.handle({ kind: this.#isLive ? 'live' : 'wake' });
    for (const candle of this.#early.splice(0)) runner.handle({ kind: 'closed', candle });
  }

  #markAt(local: number): EpochMs {
    return openTimeAt(this.#deps.clock.exchangeAt(local), this.interval, this.#gridPoint);
  }

  #begin(recipient: Recipient): void {
    const mark = this.#markAt(recipient.subscribedAt);
    recipient.begin(Math.max(mark, recipient.notBefore), mark);
    if (this.#life.isTrading) this.#warmUp();
    else this.checkSymbol();
  }

  #warmUp(): void {
    for (const recipient of [...this.#recipients]) {
      if (recipient instanceof WarmRecipient && recipient.from !== undefined) recipient.warmUp();
    }
  }

  #findGrid(): void {
    const { clock, scheduler } = this.#deps;
    this.#asking = gridPoint$(this.#reader, () => clock.now(), scheduler).subscribe((gridPoint) => {
      this.#gridPoint = gridPoint;
      this.#asking = undefined;
      this.start();
    });
  }

  /** A series that ended while it ran gets its last candle; one that had ended before gives its past to those who asked for it. */
  #findEnd({ status, deliveryTime, wasTrading }: End): void {
    const { clock, scheduler } = this.#deps;
    const runner = wasTrading ? this.#runner : undefined;
    if (runner === undefined)
      this.#failAll(new SymbolNotTradingError(this.symbol, status), (one) => !(one instanceof WarmRecipient));
    const options = { reader: this.#reader, scheduler, now: () => clock.now(), deliveryTime };
    this.#asking = seriesEnd$(runner === undefined ? options : { ...options, next: runner.next }).subscribe((until) => {
      this.#asking = undefined;
      if (runner === undefined) this.#finishPast(until);
      else runner.handle({ kind: 'until', until });
    });
  }

  #finishPast(until: EpochMs): void {
    this.#runner?.stop();
    this.#runner = undefined;
    for (const past of [...this.#pastRunners]) if (until < past.until) past.handle({ kind: 'until', until });
    for (const recipient of [...this.#recipients]) {
      recipient.begin(until, Infinity);
      if (recipient instanceof WarmRecipient) recipient.warmUp();
      recipient.complete();
    }
  }

  #onOutput(output: SeriesOutput): void {
    if (output.kind === 'deliver') this.#deliver(output.candle);
    else if (output.kind === 'done') this.completeAll();
    else this.#report(output);
  }

  #deliver(candle: Candle): void {
    const { stats, clock, publish } = this.#deps;
    stats.countDelay(candle, clock.now());
    for (const recipient of [...this.#recipients]) {
      if (recipient.from !== undefined && candle.timestamp >= recipient.from) recipient.take(candle);
    }
    publish({ type: 'CANDLE_CLOSED', symbol: this.symbol, interval: this.interval, candle });
    if (candle.source === 'backfill' && candle.trades === 0) this.#deps.symbols.refresh(LIST_AGE_DOUBTFUL_MS);
    stats.changed();
  }

  #report(output: SeriesOutput): void {
    reportSeries(output, { ...this.#deps, symbol: this.symbol, interval: this.interval });
    if (output.kind === 'read') this.#deps.symbols.refresh(output.doubtful ? LIST_AGE_DOUBTFUL_MS : LIST_AGE_LATE_MS);
    if (output.kind === 'silent') this.#watch.refresh();
  }

  #failAll(error: FeedError, which: (recipient: Recipient) => boolean = () => true): void {
    for (const recipient of [...this.#recipients]) if (which(recipient)) recipient.fail(error);
  }
}
