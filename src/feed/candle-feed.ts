import { Observable, type Subscriber } from 'rxjs';
import { runningCandle, type Candle, type RunningCandle } from '../core/candle.ts';
import { checkBeginning, type Beginning, type ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { FeedClosedError, type ConfigError } from '../core/errors.ts';
import type { FeedEvent, WithoutVenue } from '../core/events.ts';
import { checkSpan, type HistorySpan } from '../core/history-span.ts';
import type { Interval } from '../core/interval.ts';
import type { FeedStatus } from '../core/status.ts';
import type { SymbolInfo } from '../ports/symbol-info.ts';
import { after } from './after.ts';
import { checkedSeries } from './checked-series.ts';
import { wireFeed, type CandleFeedParts, type FeedWiring } from './wiring.ts';
import { FeedStats } from './feed-stats.ts';
import { liveStatusOf } from './live-status.ts';
import { newReader, newSubscriber } from './series/new-subscriber.ts';
import { type SeriesSubscriber } from './series/series-subscriber.ts';
import { callHandler, Delivery, type DeliveryOptions } from './series/delivery.ts';
import { RunningUpdates } from './series/running-updates.ts';
import { SeriesRegistry } from './series/series-registry.ts';
import type { Series } from './series/series.ts';
import type { SeriesName } from './series/series-name.ts';
import { SinceGuard } from './since-guard.ts';
import { SymbolAskers } from './symbol-askers.ts';
import { Upkeep } from './upkeep.ts';

export type { CandleFeedParts };

const asIs = (candle: Candle): Candle => candle;

/** The series of one venue: made when first subscribed to, gone with the last subscriber. */
export class CandleFeed {
  readonly status$: Observable<FeedStatus>;
  readonly #parts: CandleFeedParts;
  readonly #stats = new FeedStats();
  readonly #wiring: FeedWiring;
  readonly #series: SeriesRegistry;
  readonly #askers: SymbolAskers;
  readonly #delivering: DeliveryOptions;
  readonly #sinceGuard: SinceGuard;
  readonly #upkeep: Upkeep;

  constructor(parts: CandleFeedParts) {
    this.#parts = parts;
    this.#delivering = { stats: this.#stats, localNow: () => this.#now() };
    this.#series = new SeriesRegistry({
      context: () => this.#wiring.seriesContext,
      onFirst: () => this.#upkeep.resume(),
      onChanged: () => {
        this.#upkeep.pauseIfUnused();
        this.#stats.changed();
      },
    });
    this.#wiring = wireFeed(parts, this.#stats, {
      publish: (event) => {
        this.#publish(event);
      },
      onClockMoved: () => {
        this.#sinceGuard.check();
        this.#wiring.seriesContext.timers.clockMoved();
        this.#series.forEach((series) => series.clockMoved());
        this.#stats.changed();
      },
      onSymbols: () => {
        this.#series.forEach((series) => series.checkSymbol());
        this.#askers.onRead();
      },
      onBug: (bug) => {
        this.#failAll(bug);
      },
    });
    this.#askers = new SymbolAskers(this.#wiring.seriesContext.symbols, parts.restUrl);
    this.#sinceGuard = new SinceGuard(this.#wiring.seriesContext.clock);
    this.#upkeep = new Upkeep(this.#wiring, parts.scheduler, () => this.#isUsed);
    this.status$ = this.#stats.status$(
      () => liveStatusOf(this.#wiring, parts, this.#series.statuses()),
      parts.scheduler,
    );
  }

  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
    return new Observable<Candle>((subscriber) => {
      const subscribedAt = this.#now();
      const delivery = new Delivery(subscriber, asIs, this.#delivering);
      this.#tellFailure(delivery, () => {
        const beginning = this.#checkedBeginning(options, subscriber);
        const series = this.#series.live(this.#checked(symbol, interval));
        this.#join(series, newSubscriber(series, delivery, { beginning, subscribedAt }), subscriber);
      });
    });
  }

  candles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<RunningCandle> {
    return new Observable<RunningCandle>((subscriber) => {
      const subscribedAt = this.#now();
      const delivery = new Delivery(subscriber, (candle) => runningCandle(candle, true), this.#delivering);
      this.#tellFailure(delivery, () => {
        const beginning = this.#checkedBeginning(options, subscriber);
        const series = this.#series.live(this.#checked(symbol, interval));
        const onCaughtUp = () => updates.release();
        const seriesSubscriber = newSubscriber(series, delivery, { beginning, subscribedAt, onCaughtUp });
        const tell = (update: Candle) => subscriber.next(runningCandle(update, false));
        const updates = new RunningUpdates({
          owed: () => series.owedTo(seriesSubscriber),
          emit: (update) => callHandler(() => tell(update), this.#delivering),
        });
        this.#join(series, seriesSubscriber, subscriber);
        if (!subscriber.closed) subscriber.add(series.listen(updates));
      });
    });
  }

  history$(symbol: string, interval: Interval, asked: HistorySpan): Observable<Candle> {
    return new Observable<Candle>((subscriber) => {
      const subscribedAt = this.#now();
      const delivery = new Delivery(subscriber, asIs, this.#delivering);
      this.#tellFailure(delivery, () => {
        const span = checkSpan(asked);
        const series = this.#series.past(this.#checked(symbol, interval));
        this.#join(series, newReader(series, delivery, { span, subscribedAt }), subscriber);
      });
    });
  }

  async symbols(): Promise<readonly SymbolInfo[]> {
    if (this.#stats.closed) throw new FeedClosedError();
    this.#upkeep.keep();
    try {
      return await this.#askers.ask();
    } finally {
      this.#upkeep.pauseIfUnused();
    }
  }

  /** Completes all streams and releases everything. */
  close(): void {
    if (this.#stats.closed) return;
    this.#stats.closed = true;
    this.#series.forEach(({ subscribers }) => subscribers.cutOff());
    this.#askers.close();
    this.#wiring.stream.close();
    this.#upkeep.pause();
    this.#stats.close();
  }

  #publish(event: WithoutVenue<FeedEvent>): void {
    // A connection may open just after the last subscriber has left: then nobody needs the time.
    if (event.type === 'CONNECTED' && !this.#series.isEmpty) this.#upkeep.onConnected();
    callHandler(() => {
      this.#parts.bus.publish({ ...event, venue: this.#parts.venue.id });
    }, this.#delivering);
    this.#stats.changed();
  }

  /** An exception thrown on subscribing becomes the subscriber's error. */
  #tellFailure(delivery: Delivery, begin: () => void): void {
    try {
      begin();
    } catch (error) {
      delivery.error(error);
    }
  }

  /** Asynchronously, so that a series that is just being created fails too. */
  #failAll(bug: unknown): void {
    after(this.#parts.scheduler, 0, () => {
      this.#series.forEach((series) => series.onBug(bug));
    });
  }

  #checked(written: string, interval: Interval): SeriesName {
    if (this.#stats.closed) throw new FeedClosedError();
    return checkedSeries(written, interval, this.#parts.venue);
  }

  /** A `since` in the future is refused as soon as the exchange's time is known. */
  #checkedBeginning(options: ClosedCandlesOptions | undefined, subscriber: Subscriber<never>): Beginning {
    const beginning = checkBeginning(options, this.#parts.earliestSince);
    if (beginning.since === undefined) return beginning;
    const refuse = (error: ConfigError) => callHandler(() => subscriber.error(error), this.#delivering);
    subscriber.add(this.#sinceGuard.add(beginning.since, refuse));
    return beginning;
  }

  #join(series: Series, joining: SeriesSubscriber, subscriber: Subscriber<never>): void {
    subscriber.add(this.#series.membershipOf(joining, series));
    series.join(joining);
  }

  /** Nothing more is paused once the feed is closed. */
  get #isUsed(): boolean {
    return this.#stats.closed || !this.#series.isEmpty || !this.#askers.isEmpty;
  }

  #now(): number {
    return this.#parts.scheduler.now();
  }
}
