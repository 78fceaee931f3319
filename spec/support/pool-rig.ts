import type { Candle } from '../../src/core/candle.ts';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import type { FeedError } from '../../src/core/errors.ts';
import type { EventOf, EventType, FeedEvent } from '../../src/core/events.ts';
import { connectRateLimiter } from '../../src/feed/connection/connect-rate-limiter.ts';
import type { CandleStreamOptions, ObservableCandleStream } from '../../src/feed/connection/connection-context.ts';
import { candleStream } from '../../src/feed/connection/connection-pool.ts';
import { redundantLines } from '../../src/feed/connection/redundant-lines.ts';
import { watchSeries, type SeriesListener, type Watch } from './watch-series.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { FakePeer } from './fake-sessions.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What one listener was told, with the time of each. */
export class Told implements SeriesListener {
  readonly closes: number[] = [];
  readonly running: number[] = [];
  readonly story: string[] = [];
  error: FeedError | undefined;
  watch: Watch | undefined;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get isLive(): boolean {
    return this.story.at(-1)?.startsWith('live') ?? false;
  }

  onClosed(candle: Candle): void {
    this.closes.push(candle.timestamp);
  }

  onRunning(candle: Candle): void {
    this.running.push(candle.timestamp);
  }

  onLive(): void {
    this.story.push(`live ${String(this.#clock.now())}`);
  }

  onLost(): void {
    this.story.push(`lost ${String(this.#clock.now())}`);
  }

  onError(error: FeedError): void {
    this.story.push(`error ${String(this.#clock.now())}`);
    this.error = error;
  }
}

/** A stream over fake sessions in virtual time. */
export class PoolRig {
  readonly clock = new VirtualClock();
  readonly peer = new FakePeer(this.clock);
  readonly events: (FeedEvent & { readonly at: number })[] = [];
  readonly eventTimes: number[] = [];
  readonly stream: ObservableCandleStream;

  /** How often the stream said that more or fewer lines carry a series; of two lines only. */
  changes = 0;

  constructor(options: Partial<CandleStreamOptions> = {}, connections: 1 | 2 = 1) {
    const complete: CandleStreamOptions = {
      protocol: binanceUsdm.stream,
      endpoint: 'wss://example.test/market',
      openSession$: this.peer.openSession$,
      connects: connectRateLimiter({ limit: 250, windowMs: 300_000 }),
      scheduler: this.clock,
      random: () => 0.5,
      reconnect: { ...DEFAULT_RECONNECT, jitter: false },
      silenceMs: 30_000,
      rotateAfterMs: 23 * 3_600_000,
      publish: (event) => this.events.push({ ...event, venue: binanceUsdm.id, at: this.clock.now() }),
      onEventTime: (time) => this.eventTimes.push(time),
      ...options,
    };
    this.stream = connections === 1 ? candleStream(complete) : redundantLines(complete, () => this.changes++);
  }

  watch(symbol: string): Told {
    const told = new Told(this.clock);
    told.watch = watchSeries(this.stream, { symbol, interval: '1m' }, told);
    return told;
  }

  watchMany(count: number): readonly Told[] {
    return Array.from({ length: count }, (_, index) => this.watch(`S${String(index)}USDT`));
  }

  advance(ms: number): void {
    this.clock.advance(ms);
  }

  of<T extends EventType>(type: T): readonly EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> & { at: number } => event.type === type);
  }

  reasons(): readonly string[] {
    return this.of('DISCONNECTED').map(({ reason }) => reason);
  }
}

export const MINUTE = 60_000;
