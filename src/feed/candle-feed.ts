import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Candle, RunningCandle } from '../core/candle.ts';
import { checkBeginning, type Beginning, type ClosedCandlesOptions } from '../core/closed-candles-options.ts';
import { FeedClosedError, UnknownSymbolError, UnsupportedIntervalError, type ConfigError } from '../core/errors.ts';
import type { FeedEvent } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';
import type { FeedStatus } from '../core/status.ts';
import { intervalHint, writtenHint } from '../venues/hints.ts';
import { symbolNameOf } from '../venues/symbol-name.ts';
import { after } from './after.ts';
import { openRooms, type CandleFeedParts, type FeedRooms } from './feed-rooms.ts';
import { FeedStats, type LiveStatus } from './feed-stats.ts';
import { pastOf } from './series/past.ts';
import {
  callHandler,
  Delivery,
  LiveRecipient,
  WarmRecipient,
  type DeliveryOptions,
  type Recipient,
} from './series/recipient.ts';
import { SeriesHub } from './series/series-hub.ts';
import { SinceGuard } from './since-guard.ts';

export type { CandleFeedParts };

/** A connection is a good moment to learn the exchange's time, unless that was just done, ms. */
const CLOCK_AGE_AT_CONNECT_MS = 1000;
/** A series subscribed after a pause is held against a list no older than this, ms. */
const LIST_AGE_AT_START_MS = 60_000;
/** Clock and list are kept so long for the next subscriber, ms: to leave and come back costs the exchange nothing. */
const LINGER_MS = 250;

/** The series of one venue: made when first subscribed to, gone with the last subscriber. */
export class CandleFeed {
  readonly status$: Observable<FeedStatus>;
  readonly #parts: CandleFeedParts;
  readonly #stats = new FeedStats();
  readonly #rooms: FeedRooms;
  readonly #hubs = new Map<string, SeriesHub>();
  readonly #delivering: DeliveryOptions;
  readonly #sinceGuard: SinceGuard;
  #pausing: Subscription | undefined;

  constructor(parts: CandleFeedParts) {
    this.#parts = parts;
    this.#delivering = { stats: this.#stats, localNow: () => parts.scheduler.now() };
    this.#rooms = openRooms(parts, this.#stats, {
      publish: (event) => {
        this.#publish(event);
      },
      onClockMoved: () => {
        this.#sinceGuard.check();
        this.#rooms.hubDeps.deadlines.clockMoved();
        for (const hub of [...this.#hubs.values()]) hub.clockMoved();
        this.#stats.changed();
      },
      onSymbols: () => {
        for (const hub of [...this.#hubs.values()]) hub.checkSymbol();
      },
    });
    this.#sinceGuard = new SinceGuard(this.#rooms.hubDeps.clock);
    this.status$ = this.#stats.status$(() => this.#liveStatus(), parts.scheduler);
  }

  closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
    return new Observable<Candle>((subscriber) => {
      const beginning = checkBeginning(options, this.#parts.earliestSince);
      this.#refuseFuture(beginning, subscriber);
      const hub = this.#hubOf(symbol, interval);
      const delivery = new Delivery(subscriber, this.#delivering);
      const recipient = this.#recipientOf(hub, delivery, beginning);
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
        callHandler(() => {
          subscriber.next({ ...candle, closed: false });
        }, this.#delivering);
      });
      subscriber.add(stopListening);
    });
  }

  /** Completes every stream and lets go of everything. */
  close(): void {
    if (this.#stats.closed) return;
    this.#stats.closed = true;
    for (const hub of [...this.#hubs.values()]) hub.recipients.cutOff();
    this.#rooms.stream.close();
    this.#pause();
    this.#stats.close();
  }

  #publish(event: FeedEvent): void {
    // A connection may open just after the last subscriber has left: then nobody needs the time.
    if (event.type === 'CONNECTED' && this.#hubs.size > 0) this.#rooms.hubDeps.clock.refresh(CLOCK_AGE_AT_CONNECT_MS);
    callHandler(() => {
      this.#parts.bus.publish(event);
    }, this.#delivering);
    this.#stats.changed();
  }

  #hubOf(written: string, interval: Interval): SeriesHub {
    if (this.#stats.closed) throw new FeedClosedError();
    const symbol = this.#checkedSymbol(written, interval);
    const key = `${symbol}@${interval}`;
    const known = this.#hubs.get(key);
    if (known?.recipients.isOver === false) return known;
    if (this.#hubs.size === 0) this.#resume();
    const hub = new SeriesHub(symbol, interval, this.#rooms.hubDeps);
    this.#hubs.set(key, hub);
    this.#stats.changed();
    return hub;
  }

  #checkedSymbol(written: string, interval: Interval): string {
    const { id, intervals } = this.#parts.venue;
    if (!intervals.includes(interval)) {
      throw new UnsupportedIntervalError(interval, intervals, intervalHint(interval, this.#parts.venue));
    }
    const symbol = symbolNameOf(written, id);
    if (symbol === undefined) throw new UnknownSymbolError(written, id, writtenHint(written, id));
    return symbol;
  }

  #refuseFuture({ since }: Beginning, subscriber: Subscriber<never>): void {
    const refuse = (error: ConfigError) => {
      callHandler(() => {
        subscriber.error(error);
      }, this.#delivering);
    };
    subscriber.add(this.#sinceGuard.add(since, refuse));
  }

  #recipientOf(hub: SeriesHub, delivery: Delivery, beginning: Beginning): Recipient {
    const subscribedAt = beginning.subscribedAt ?? this.#parts.scheduler.now();
    const notBefore = hub.next;
    if (beginning.history === 0 && beginning.since === undefined) {
      return new LiveRecipient(delivery, subscribedAt, notBefore);
    }
    const past = pastOf(hub, beginning);
    return new WarmRecipient(delivery, { subscribedAt, notBefore, past, nextLive: () => hub.next });
  }

  #leave(hub: SeriesHub, recipient: Recipient): void {
    hub.recipients.delete(recipient);
    if (!hub.recipients.isEmpty) return;
    hub.stop();
    const key = `${hub.symbol}@${hub.interval}`;
    if (this.#hubs.get(key) === hub) this.#hubs.delete(key);
    if (this.#hubs.size === 0) this.#pauseSoon();
    this.#stats.changed();
  }

  /** Somebody needs the exchange's clock and list again. */
  #resume(): void {
    this.#pausing?.unsubscribe();
    this.#rooms.hubDeps.clock.refresh(CLOCK_AGE_AT_CONNECT_MS);
    this.#rooms.hubDeps.symbols.refresh(LIST_AGE_AT_START_MS);
  }

  #pauseSoon(): void {
    if (this.#stats.closed) return;
    this.#pausing?.unsubscribe();
    this.#pausing = after(this.#parts.scheduler, LINGER_MS, () => {
      this.#pause();
    });
  }

  #pause(): void {
    this.#pausing?.unsubscribe();
    this.#rooms.hubDeps.clock.pause();
    this.#rooms.hubDeps.symbols.pause();
  }

  #liveStatus(): LiveStatus {
    const { connections, topics, reconnects, lastDataAt } = this.#rooms.stream.snapshot();
    const { clock } = this.#rooms.hubDeps;
    const exchangeAt = (local: number) => (clock.known ? Math.round(clock.exchangeAt(local)) : null);
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
