import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import type { Candle } from '../../src/core/candle.ts';
import type { ClosedCandlesOptions } from '../../src/core/closed-candles-options.ts';
import type { EventOf, EventType, FeedEvent } from '../../src/core/events.ts';
import type { Interval } from '../../src/core/interval.ts';
import { connectRateLimiter } from '../../src/feed/connection/connect-rate-limiter.ts';
import { CandleFeed } from '../../src/feed/candle-feed.ts';
import { connectorFeed, type ConnectorFeedParts } from '../../src/feed/connector-feed.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { FakeMarket, STARTS_AT } from './fake-market.ts';
import { FakePeer } from './fake-sessions.ts';
import { queuedMarket } from './queued-market.ts';
import { VirtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** What one subscription was given. */
export class Seen {
  readonly candles: Candle[] = [];
  error: unknown;
  completed = false;

  get minutes(): readonly number[] {
    return this.candles.map(({ timestamp }) => timestamp / MINUTE);
  }

  get sources(): readonly string[] {
    return this.candles.map(({ source }) => source);
  }
}

/** A whole feed in virtual time, over fake sessions and a fake market that agree with each other. */
export class FeedRig {
  readonly clock = new VirtualClock();
  readonly peer = new FakePeer(this.clock);
  readonly market = new FakeMarket(this.clock);
  readonly bus = new EventBus();
  readonly events: FeedEvent[] = [];
  readonly decodedInFull: string[] = [];
  readonly feed: CandleFeed;
  /** Minutes whose closes the stream does not send. */
  readonly unsent = new Set<number>();
  /** How long after its boundary the stream sends a close, ms. */
  closeDelayMs = 50;
  readonly #topics = ['btcusdt@kline_1m', 'ethusdt@kline_1m'];

  constructor(parts: Partial<ConnectorFeedParts> = {}) {
    const connected = connectorFeed({
      venue: binanceUsdm,
      endpoints: { stream: 'wss://example.test/market', rest: 'https://example.test' },
      connections: 1,
      reconnect: { ...DEFAULT_RECONNECT, jitter: false },
      graceMs: 4000,
      settleMs: 2000,
      silenceMs: 30_000,
      rotateAfterMs: 23 * 3_600_000,
      // This exchange lives near the epoch.
      earliestSince: 0,
      bus: this.bus,
      openSession$: this.peer.openSession$,
      connects: connectRateLimiter({ limit: 250, windowMs: 300_000 }),
      restWith: queuedMarket(this.market, binanceUsdm, this.clock),
      scheduler: this.clock,
      random: () => 0.5,
      onDecodedInFull: (frame) => this.decodedInFull.push(frame),
      wallClockNow: () => this.clock.now() + STARTS_AT - 7000,
      ...parts,
    });
    this.feed = new CandleFeed(connected);
    this.bus.events$.subscribe((event) => this.events.push(event));
  }

  watch(symbol = 'BTCUSDT', options?: ClosedCandlesOptions, interval: Interval = '1m') {
    const seen = new Seen();
    const subscription = this.feed.closedCandles$(symbol, interval, options).subscribe({
      next: (candle) => seen.candles.push(candle),
      error: (error: unknown) => {
        seen.error = error;
      },
      complete: () => {
        seen.completed = true;
      },
    });
    return { seen, subscription };
  }

  /** Time goes on, and the stream sends each close. */
  run(ms: number): void {
    const end = this.clock.now() + ms;
    for (let minute = this.#nextMinute(); this.#sentAt(minute) <= end; minute += 1) {
      this.clock.advance(this.#sentAt(minute) - this.clock.now());
      if (!this.unsent.has(minute)) for (const topic of this.#topics) this.peer.close(topic, minute * MINUTE);
    }
    this.clock.advance(end - this.clock.now());
  }

  of<T extends EventType>(type: T): readonly EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Local time at which the stream sends the close of a minute. */
  #sentAt(minute: number): number {
    return (minute + 1) * MINUTE + this.closeDelayMs - STARTS_AT;
  }

  /** The first minute whose close has not been sent yet. */
  #nextMinute(): number {
    return Math.floor((this.market.now() - this.closeDelayMs) / MINUTE);
  }
}
