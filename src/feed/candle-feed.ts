import { Observable, type SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../core/backoff.ts';
import type { Candle, EpochMs, RunningCandle } from '../core/candle.ts';
import { checkBeginning, type Beginning, type ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { FeedClosedError, UnknownSymbolError, UnsupportedIntervalError } from '../core/errors.ts';
import type { FeedEvent } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';
import type { FeedStatus } from '../core/status.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { OpenSession$ } from '../ports/session.ts';
import { symbolNameOf } from '../venues/symbol-name.ts';
import type { Endpoints, Venue } from '../venues/venue.ts';
import { candleReader } from './candle-reader.ts';
import { candleStream } from './connection-pool.ts';
import { Deadlines } from './deadlines.ts';
import type { EventBus } from './event-bus.ts';
import { FeedClock } from './feed-clock.ts';
import { FeedStats, type LiveStatus } from './feed-stats.ts';
import { pastOf } from './past.ts';
import { Delivery, LiveRecipient, WarmRecipient, type Recipient } from './recipient.ts';
import { restGate, type GatedMarketData } from './rest-gate.ts';
import { SeriesHub, type HubDeps } from './series-hub.ts';
import { MissingLedger } from './series-report.ts';
import { stamped } from './stamped-market-data.ts';
import type { ObservableCandleStream } from './stream-parts.ts';
import { SymbolList } from './symbol-list.ts';
import type { WeightBudget } from './weight-budget.ts';

/** Everything a feed stands on; nothing in it is left to a default. */
export interface CandleFeedParts {
  readonly venue: Venue;
  readonly endpoints: Endpoints;
  readonly reconnect: ReconnectPolicy;
  readonly graceMs: number;
  readonly settleMs: number;
  readonly silenceMs: number;
  readonly rotateAfterMs: number;
  readonly bus: EventBus;
  readonly openSession$: OpenSession$;
  readonly marketData: MarketData;
  /** The budget of this venue's limit group; `exchangeNow` is the feed's clock. */
  readonly budgetWith: (exchangeNow: () => EpochMs) => WeightBudget;
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  /** This machine's idea of the time, for `status$`. */
  readonly wallClockNow: () => EpochMs;
}

/** A connection is a good moment to learn the exchange's time, unless that was just done, ms. */
const CLOCK_AGE_AT_CONNECT_MS = 1000;
/** A series subscribed after a pause is held against a list no older than this, ms. */
const LIST_AGE_AT_START_MS = 60_000;

/** The series of one venue: made when first subscribed to, gone with the last subscriber. */
export class CandleFeed {
  readonly status$: Observable<FeedStatus>;
  readonly #parts: CandleFeedParts;
  readonly #stats = new FeedStats();
  readonly #clock: FeedClock;
  readonly #symbols: SymbolList;
  readonly #stream: ObservableCandleStream;
  readonly #gate: GatedMarketData;
  readonly #hubDeps: HubDeps;
  readonly #hubs = new Map<string, SeriesHub>();

  constructor(parts: CandleFeedParts) {
    this.#parts = parts;
    const { scheduler, venue } = parts;
    const { marketData, stampOf } = stamped(parts.marketData, scheduler);
    const budget = parts.budgetWith(() => this.#clock.now());
    this.#gate = restGate({ marketData, limits: venue.rest, budget, scheduler });
    this.#clock = new FeedClock({ scheduler, askTime$: () => askTime$(this.#gate, stampOf) });
    this.#symbols = new SymbolList({ symbols$: () => this.#gate.symbols$(), scheduler });
    this.#stream = this.#openStream();
    this.#hubDeps = this.#depsWith(stampOf);
    this.status$ = this.#stats.status$(() => this.#liveStatus(), scheduler);
    this.#clock.changed$.subscribe(() => {
      this.#hubDeps.deadlines.clockMoved();
      for (const hub of [...this.#hubs.values()]) hub.clockMoved();
    });
    this.#symbols.loaded$.subscribe(() => {
      for (const hub of [...this.#hubs.values()]) hub.checkSymbol();
    });
  }

  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
    return new Observable<Candle>((subscriber) => {
      const hub = this.#hubOf(symbol, interval);
      const delivery = new Delivery(subscriber, { stats: this.#stats, localNow: () => this.#parts.scheduler.now() });
      const recipient = this.#recipientOf(hub, delivery, checkBeginning(options));
      subscriber.add(() => {
        this.#leave(hub, recipient);
      });
      hub.join(recipient);
    });
  }

  candles$(symbol: string, interval: Interval): Observable<RunningCandle> {
    return new Observable<RunningCandle>((subscriber) => {
      const closed = this.closedCandles$(symbol, interval).subscribe({
        next: (candle) => {
          subscriber.next({ ...candle, closed: true });
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
      subscriber.add(closed);
      if (subscriber.closed) return;
      const stopListening = this.#hubOf(symbol, interval).listen((candle) => {
        subscriber.next({ ...candle, closed: false });
      });
      subscriber.add(stopListening);
    });
  }

  /** Completes every stream and lets go of everything. */
  close(): void {
    if (this.#stats.closed) return;
    this.#stats.closed = true;
    for (const hub of [...this.#hubs.values()]) hub.completeAll();
    this.#stream.close();
    this.#pause();
    this.#stats.close();
  }

  #openStream(): ObservableCandleStream {
    const { venue, endpoints, openSession$, scheduler, random, reconnect, silenceMs, rotateAfterMs } = this.#parts;
    return candleStream({
      venue,
      streamUrl: endpoints.stream,
      openSession$,
      scheduler,
      random,
      reconnect,
      silenceMs,
      rotateAfterMs,
      publish: (event) => {
        this.#publish(event);
      },
      onEventTime: (eventTime) => {
        this.#clock.observe(eventTime);
      },
      exchangeNow: () => this.#clock.now(),
    });
  }

  #depsWith(stampOf: ReturnType<typeof stamped>['stampOf']): HubDeps {
    const { venue, endpoints, graceMs, settleMs, scheduler } = this.#parts;
    const clock = this.#clock;
    const reading = { klines$: this.#gate.klines$, stampOf, clock, limits: venue.rest, scheduler };
    return {
      venue,
      restUrl: endpoints.rest,
      graceMs,
      settleMs,
      scheduler,
      clock,
      deadlines: new Deadlines(scheduler, () => clock.now()),
      stats: this.#stats,
      symbols: this.#symbols,
      stream: this.#stream,
      missing: new MissingLedger(),
      readerOf: (symbol, interval) => candleReader(symbol, interval, reading),
      publish: (event) => {
        this.#publish(event);
      },
    };
  }

  #publish(event: FeedEvent): void {
    // A connection may open just after the last subscriber has left: then nobody needs the time.
    if (event.type === 'CONNECTED' && this.#hubs.size > 0) this.#clock.refresh(CLOCK_AGE_AT_CONNECT_MS);
    this.#parts.bus.publish(event);
    this.#stats.changed();
  }

  #hubOf(written: string, interval: Interval): SeriesHub {
    if (this.#stats.closed) throw new FeedClosedError();
    const { venue } = this.#parts;
    if (!venue.intervals.includes(interval)) throw new UnsupportedIntervalError(String(interval), venue.intervals);
    const symbol = symbolNameOf(written, venue.id);
    if (symbol === undefined)
      throw new UnknownSymbolError(String(written), venue.id, 'write it as the exchange does, like BTCUSDT');
    const key = `${symbol}@${interval}`;
    const known = this.#hubs.get(key);
    if (known !== undefined) return known;
    if (this.#hubs.size === 0) this.#resume();
    const hub = new SeriesHub(symbol, interval, this.#hubDeps);
    this.#hubs.set(key, hub);
    return hub;
  }

  #recipientOf(hub: SeriesHub, delivery: Delivery, beginning: Beginning): Recipient {
    const subscribedAt = this.#parts.scheduler.now();
    const notBefore = hub.next;
    if (beginning.history === 0 && beginning.since === undefined)
      return new LiveRecipient(delivery, subscribedAt, notBefore);
    const past = pastOf(hub, beginning);
    return new WarmRecipient(delivery, { subscribedAt, notBefore, past, nextLive: () => hub.next });
  }

  #leave(hub: SeriesHub, recipient: Recipient): void {
    hub.leave(recipient);
    if (!hub.isEmpty) return;
    hub.stop();
    const key = `${hub.symbol}@${hub.interval}`;
    if (this.#hubs.get(key) === hub) this.#hubs.delete(key);
    if (this.#hubs.size === 0) this.#pause();
  }

  /** Somebody needs the exchange's clock and list again. */
  #resume(): void {
    this.#clock.ask();
    this.#symbols.refresh(LIST_AGE_AT_START_MS);
  }

  #pause(): void {
    this.#clock.pause();
    this.#symbols.pause();
  }

  #liveStatus(): LiveStatus {
    const { connections, topics, reconnects, lastDataAt } = this.#stream.snapshot();
    const exchangeAt = (local: number) => (this.#clock.known ? Math.round(this.#clock.exchangeAt(local)) : null);
    const now = exchangeAt(this.#parts.scheduler.now());
    return {
      connections,
      streams: topics,
      reconnects,
      lastDataAt: lastDataAt === undefined ? null : exchangeAt(lastDataAt),
      clockOffsetMs: now === null ? null : now - this.#parts.wallClockNow(),
    };
  }
}

function askTime$(gate: GatedMarketData, stampOf: ReturnType<typeof stamped>['stampOf']) {
  return new Observable<{ serverTime: EpochMs; sentAt: number; receivedAt: number }>((subscriber) =>
    gate.serverTime$().subscribe({
      next: (reply) => {
        subscriber.next({ serverTime: reply.value, ...stampOf(reply) });
      },
      error: (error: unknown) => {
        subscriber.error(error);
      },
      complete: () => {
        subscriber.complete();
      },
    }),
  );
}
