import { filter, tap, type Observable, type Subscription } from 'rxjs';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import type { Candle, RunningCandle } from '../../src/core/candle.ts';
import type { ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import type { EventOf, EventType, FeedEvent } from '../../src/core/events.ts';
import type { Interval } from '../../src/core/interval.ts';
import { EARLIEST_TIME } from '../../src/core/time-bounds.ts';
import { connectRateLimiter } from '../../src/feed/connection/connect-rate-limiter.ts';
import { CandleFeed } from '../../src/feed/candle-feed.ts';
import { connectorFeed, type ConnectorFeedParts } from '../../src/feed/connector-feed.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import { queuedMarket } from './queued-market.ts';
import { SimExchange, type SimOptions } from './sim-exchange.ts';
import { simRandom } from './sim-random.ts';
import type { Series } from './sim-truth.ts';

/** A candle, and when it was delivered by the exchange's clock. */
export interface Delivered {
  readonly candle: Candle;
  readonly at: number;
}

/** One subscription and what became of it. */
export interface Subscriber extends Series {
  readonly options: ClosedCandlesOptions;
  /** Exchange time of `subscribe`. */
  readonly subscribedAt: number;
  readonly got: Delivered[];
  /** What a chart could not draw: updates of candles that had closed, and older ones than had been drawn. */
  readonly undrawable: string[];
  error: unknown;
  completed: boolean;
  /** Exchange time at which it left; Infinity while it stays. */
  leftAt: number;
  readonly subscription: Subscription;
}

/** A feed over a simulated exchange. */
export class SimFeed {
  readonly exchange: SimExchange;
  readonly feed: CandleFeed;
  readonly bus = new EventBus();
  readonly events: (FeedEvent & { readonly at: number })[] = [];
  readonly subscribers: Subscriber[] = [];

  constructor(options: SimOptions, parts: Partial<ConnectorFeedParts> = {}) {
    const exchange = new SimExchange(options);
    const { venue, time, rest, stream } = exchange;
    this.exchange = exchange;
    this.bus.events$.subscribe((event) => this.events.push({ ...event, at: time.exchange }));
    const connected = connectorFeed({
      venue,
      endpoints: venue.endpoints,
      connections: 1,
      reconnect: DEFAULT_RECONNECT,
      graceMs: venue.timing.graceMs,
      settleMs: venue.timing.settleMs,
      silenceMs: venue.timing.silenceMs,
      rotateAfterMs: 23 * 3_600_000,
      earliestSince: EARLIEST_TIME,
      bus: this.bus,
      openSession$: stream.openSession$,
      connects: connectRateLimiter(venue.stream.limits.connects),
      restWith: queuedMarket(rest, venue, time.local),
      scheduler: time.local,
      random: simRandom(options.seed ?? 1),
      onDecodedInFull: () => undefined,
      wallClockNow: () => time.exchange,
      ...parts,
    });
    this.feed = new CandleFeed(connected);
  }

  /** What the exchange's clock says. */
  get now(): number {
    return this.exchange.time.exchange;
  }

  subscribe(symbol: string, interval: Interval, options: ClosedCandlesOptions = {}): Subscriber {
    return this.join({ symbol, interval }, options);
  }

  /** Subscribes to closed candles, or to all updates. */
  join({ symbol, interval }: Series, options: ClosedCandlesOptions = {}, running = false): Subscriber {
    const { time } = this.exchange;
    const got: Delivered[] = [];
    const undrawable: string[] = [];
    const record = {
      symbol,
      interval,
      options,
      subscribedAt: time.exchange,
      got,
      undrawable,
      error: undefined as unknown,
      completed: false,
      leftAt: Infinity,
    };
    const closes$ = running ? this.#closesOf$(record) : this.feed.closedCandles$(symbol, interval, options);
    const subscription = closes$.subscribe({
      next: (candle) => got.push({ candle, at: time.exchange }),
      error: (error: unknown) => {
        record.error = error;
        record.leftAt = time.exchange;
      },
      complete: () => {
        record.completed = true;
        record.leftAt = time.exchange;
      },
    });
    const subscriber: Subscriber = Object.assign(record, { subscription });
    this.subscribers.push(subscriber);
    return subscriber;
  }

  #closesOf$({ symbol, interval, options, undrawable }: Omit<Subscriber, 'subscription'>): Observable<Candle> {
    let last: RunningCandle | undefined;
    return this.feed.candles$(symbol, interval, options).pipe(
      tap((candle) => {
        const isOld = last !== undefined && candle.timestamp <= last.timestamp - (last.closed ? 0 : 1);
        if (isOld) undrawable.push(`${new Date(candle.timestamp).toISOString()} (closed: ${String(candle.closed)})`);
        last = candle;
      }),
      filter(({ closed }) => closed),
    );
  }

  leave(subscriber: Subscriber): void {
    subscriber.subscription.unsubscribe();
    subscriber.leftAt = Math.min(subscriber.leftAt, this.now);
  }

  leaveAll(): void {
    for (const subscriber of this.subscribers) this.leave(subscriber);
  }

  /** Lets local time pass. */
  advance(ms: number): void {
    this.exchange.time.advance(ms);
  }

  of<T extends EventType>(type: T): readonly (EventOf<T> & { readonly at: number })[] {
    return this.events.filter((event): event is EventOf<T> & { readonly at: number } => event.type === type);
  }
}

/** Open times, as a spec compares them. */
export function openTimesOf({ got }: Subscriber): readonly number[] {
  return got.map(({ candle }) => candle.timestamp);
}
