import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ConfigError, FeedClosedError } from '../src/core/errors.ts';
import type { FeedEvent } from '../src/core/events.ts';
import { createFeed, type FeedOptions } from '../src/create-feed.ts';
import { EventBus } from '../src/feed/event-bus.ts';
import { startFakeExchange, type FakeExchange } from '../src/testing/index.ts';

/** A second of a spot candle passes in a second: `1s` keeps these specs short. */
const SERIES = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
const optionsFor = (exchange: FakeExchange): FeedOptions => ({
  venue: 'binance-spot',
  endpoints: exchange.endpoints('binance-spot'),
  logLevel: 'silent',
});

describe('options that cannot be used', () => {
  it('throw one error that names each', () => {
    const bad = { venue: 'nasdaq', graceMs: -1, bus: {}, colour: 'red' } as unknown as FeedOptions;
    expect(() => createFeed(bad)).toThrow(ConfigError);
    const problems = (() => {
      try {
        createFeed(bad);
      } catch (error) {
        return (error as ConfigError).problems;
      }
      return [];
    })();
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(['bus', 'colour', 'graceMs', 'venue']);
  });

  it.each(['BTCUSDT', 5, [createFeed]])('are also %s', (options) => {
    expect(() => createFeed(options as unknown as FeedOptions)).toThrow(ConfigError);
  });
});

it('takes an option that is undefined for one that was left out', async () => {
  const nothing = undefined;
  await using exchange = await startFakeExchange({ seed: nothing, symbols: { 'binance-usdm': nothing } });
  const { stream, rest } = exchange.endpoints('binance-spot');
  await using feed = createFeed({
    venue: 'binance-spot', testnet: nothing, credentials: nothing, bus: nothing, graceMs: nothing, settleMs: nothing,
    silenceMs: nothing, restTimeoutMs: nothing, rotateAfterMs: nothing, logLevel: 'silent', endpoints: { stream, rest },
    reconnect: { initialDelayMs: nothing, maxDelayMs: nothing, multiplier: nothing, maxRetries: nothing, jitter: nothing },
  }); // prettier-ignore
  const options = { history: 1, since: nothing };
  expect(await firstValueFrom(feed.closedCandles$('BTCUSDT', '1s', options))).toMatchObject({ source: 'history' });
  await createFeed({ venue: nothing, endpoints: { stream: nothing, rest: nothing }, reconnect: nothing }).close();
  await createFeed({ endpoints: nothing, logLevel: nothing }).close();
});

describe('a feed', () => {
  it('needs no options, opens nothing of itself, and closes at once, twice is no harm', async () => {
    const feed = createFeed();
    expect(feed.bus).toBeInstanceOf(EventBus);
    await Promise.all([feed.close(), feed.close()]);
    await expect(firstValueFrom(feed.closedCandles$('BTCUSDT', '1m'))).rejects.toBeInstanceOf(FeedClosedError);
  });

  it('delivers the exchange’s candles, past and live, and tells its own bus', async () => {
    await using exchange = await startFakeExchange();
    const bus = new EventBus();
    await using feed = createFeed({ ...optionsFor(exchange), bus });
    expect(feed.bus).toBe(bus);
    const events: FeedEvent[] = [];
    bus.events$.subscribe((event) => events.push(event));
    const candles = await lastValueFrom(feed.closedCandles$('BTCUSDT', '1s', { history: 3 }).pipe(take(5), toArray()));
    const [first] = candles;
    expect(candles.map(({ timestamp }) => timestamp)).toEqual(
      [0, 1, 2, 3, 4].map((n) => (first?.timestamp ?? 0) + n * 1000),
    );
    expect(candles.map((candle) => ({ ...candle, source: 'stream' }))).toEqual(
      candles.map(({ timestamp }) => exchange.candleAt(SERIES, timestamp)),
    );
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['CONNECTED', 'CANDLE_CLOSED']));
  });

  it('tells updates of the running candle too', async () => {
    await using exchange = await startFakeExchange({ updatesPerSecond: 20 });
    await using feed = createFeed(optionsFor(exchange));
    const [running, closed] = [false, true].map((wanted) =>
      firstValueFrom(feed.candles$('BTCUSDT', '1s').pipe(filter((candle) => candle.closed === wanted))),
    );
    expect(await running).toMatchObject({ symbol: 'BTCUSDT', closed: false, source: 'stream' });
    expect(await closed).toMatchObject({ symbol: 'BTCUSDT', closed: true });
  });

  it('makes no attempt at a host that told another feed of this process to wait', async () => {
    await using exchange = await startFakeExchange();
    exchange.faults.stream.refuse(429, { retryAfter: 60 });
    const first = createFeed(optionsFor(exchange));
    const running = first.closedCandles$('BTCUSDT', '1s').subscribe();
    await firstValueFrom(first.bus.on('RECONNECTING'));
    await first.close();
    running.unsubscribe();
    await using second = createFeed(optionsFor(exchange));
    await firstValueFrom(second.closedCandles$('BTCUSDT', '1s'));
    expect(exchange.stats.attempts).toBe(1);
  });

  it('leaves no socket behind once it is closed, and completes what ran', async () => {
    await using exchange = await startFakeExchange();
    const feed = createFeed(optionsFor(exchange));
    const running = lastValueFrom(feed.closedCandles$('BTCUSDT', '1s').pipe(toArray()));
    const past = lastValueFrom(feed.closedCandles$('ETHUSDT', '1s', { history: 2000 }).pipe(toArray()));
    await firstValueFrom(feed.closedCandles$('BTCUSDT', '1s'));
    await feed.close();
    expect((await running).length).toBeGreaterThan(0);
    await past;
    expect((await firstValueFrom(feed.status$)).closed).toBe(true);
    expect((await firstValueFrom(feed.status$)).connections).toBe(0);
  });
});
