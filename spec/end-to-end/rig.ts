import { take } from 'rxjs';
import { expect } from 'vitest';
import {
  createFeed,
  nextOpenTime,
  type Candle,
  type ClosedCandlesOptions,
  type EventOf,
  type EventType,
  type Feed,
  type FeedEvent,
  type FeedOptions,
  type FeedStatus,
  type Interval,
  type VenueId,
} from 'rx-candles';
import { startFakeExchange, type FakeExchange, type FakeExchangeOptions, type SeriesName } from 'rx-candles/testing';
import { until } from '../support/until.ts';

export { until };

/** Where a busy machine may have missed the end of a minute, the next one does as well. */
export const ANOTHER_MINUTE_MS = 90_000;

/** What one subscriber has heard so far. */
export interface Heard {
  readonly candles: Candle[];
  readonly error: unknown;
  readonly completed: boolean;
  stop(): void;
  /** Waits until it has so many candles. */
  count(candles: number, withinMs?: number): Promise<readonly Candle[]>;
  /** Waits for so many candles more than it has now. */
  more(candles: number): Promise<readonly Candle[]>;
  /** Waits until the stream itself has brought the last of them: the connection is there and heard. */
  fromStream(): Promise<void>;
  /** Waits until it has ended, however it did. */
  ended(): Promise<void>;
}

/** A fake exchange and a feed that talks to it over real sockets. */
export interface Rig extends AsyncDisposable {
  readonly venue: VenueId;
  readonly exchange: FakeExchange;
  readonly feed: Feed;
  /** Everything the bus has told, in order. */
  readonly events: readonly FeedEvent[];
  of<T extends EventType>(type: T): readonly EventOf<T>[];
  listen(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Heard;
}

export interface RigOptions {
  readonly venue?: VenueId;
  readonly exchange?: FakeExchangeOptions;
  readonly feed?: Omit<FeedOptions, 'endpoints' | 'venue'>;
  /** In place of the exchange's own stream. */
  readonly streamUrl?: string;
}

/**
 * Waits for the middle of a second of the exchange's: whoever subscribes then is in no doubt which `1s` candle is
 * running, however long a busy machine takes to ask for the time.
 */
export async function midSecond(exchange: FakeExchange): Promise<void> {
  const offset = (): number => Math.abs((exchange.now() % 1000) - 500);
  await until(() => offset() < 50, 'the middle of a second');
}

/** No close is late enough to be asked for, however busy the machine: what comes, the stream has brought. */
export const PATIENT = { graceMs: 20_000 } as const;

/** Retries of a spec: quick and exact. */
export const QUICK = { initialDelayMs: 20, maxDelayMs: 10_000, jitter: false } as const;

export async function rig(options: RigOptions = {}): Promise<Rig> {
  const { venue = 'binance-spot' } = options;
  const exchange = await startFakeExchange(options.exchange);
  const { stream, rest } = exchange.endpoints(venue);
  const feed = createFeed({
    venue,
    endpoints: { stream: options.streamUrl ?? stream, rest },
    logLevel: 'silent',
    reconnect: QUICK,
    ...options.feed,
  });
  const events: FeedEvent[] = [];
  feed.bus.events$.subscribe((event) => events.push(event));
  return {
    venue,
    exchange,
    feed,
    events,
    of: <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
    listen: (symbol, interval, from) => hear(feed, symbol, { interval, from }),
    async [Symbol.asyncDispose]() {
      await feed.close();
      await exchange.close();
    },
  };
}

interface What {
  readonly interval: Interval;
  readonly from?: ClosedCandlesOptions | undefined;
}

export function hear(feed: Pick<Feed, 'closedCandles$'>, symbol: string, { interval, from }: What): Heard {
  const candles: Candle[] = [];
  const end: { error?: unknown; completed: boolean } = { completed: false };
  const subscription = feed.closedCandles$(symbol, interval, from).subscribe({
    next: (candle) => candles.push(candle),
    error: (error: unknown) => (end.error = error),
    complete: () => (end.completed = true),
  });
  const heard: Heard = {
    candles,
    get error() {
      return end.error;
    },
    get completed() {
      return end.completed;
    },
    stop: () => subscription.unsubscribe(),
    count: async (count, withinMs = ANOTHER_MINUTE_MS) => {
      const enough = (): boolean => candles.length >= count || end.error !== undefined;
      await until(enough, `${count} candles of ${symbol} ${interval}`, withinMs);
      if (end.error !== undefined) throw end.error as Error;
      return candles;
    },
    more: (count) => heard.count(candles.length + count),
    fromStream: () =>
      until(() => candles.at(-1)?.source === 'stream', `${symbol} ${interval} from the stream`, ANOTHER_MINUTE_MS),
    ended: async () => {
      await until(() => end.completed || end.error !== undefined, `the end of ${symbol} ${interval}`, 30_000);
    },
  };
  return heard;
}

const withoutSource = ({ source: _, ...rest }: Candle): Omit<Candle, 'source'> => rest;

/** These candles are the exchange's own, field by field, each once, in order, and none between them is missing. */
export function expectWhole(candles: readonly Candle[], exchange: FakeExchange, series: SeriesName): void {
  const first = candles[0]?.timestamp ?? 0;
  const before = nextOpenTime(candles.at(-1)?.timestamp ?? 0, series.interval);
  expect(candles.length).toBeGreaterThan(0);
  expect(candles.map(withoutSource)).toEqual(exchange.candles(series, first, before).map(withoutSource));
}

/** The status of this moment. */
export function statusOf(feed: Feed): FeedStatus {
  const statuses: FeedStatus[] = [];
  feed.status$.pipe(take(1)).subscribe((status) => statuses.push(status));
  const [status] = statuses;
  if (status === undefined) throw new Error('a feed has a status at any time');
  return status;
}
