import { firstValueFrom, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { EventType, FeedClosedError, createFeed, type Feed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';
import { within } from '../support/until.ts';
import { expectWhole, hear, rig, until } from './rig.ts';

const VENUE = 'binance-spot';
const MB = 1024 * 1024;

const gc = globalThis.gc;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Everything that keeps this process alive, counted by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);

async function heapAfterGc(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    gc?.();
    await nextTurn();
  }
  return process.memoryUsage().heapUsed;
}

describe('a thousand rounds of subscribing and unsubscribing', () => {
  it('leave no socket, timer, listener or heap behind', async () => {
    if (gc === undefined) throw new Error('vitest runs with --expose-gc');
    const symbols = Array.from({ length: 20 }, (_, index) => `S${index}USDT`);
    await using exchange = await startFakeExchange({
      symbols: { [VENUE]: symbols },
      attemptsPerFiveMinutes: 1e6,
      updatesPerSecond: 0,
      weightLimit: 1e6,
    });
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const options = { venue: VENUE, endpoints: exchange.endpoints(VENUE), logLevel: 'silent' } as const;
    const feed = createFeed(options);
    const alone: WeakRef<Feed>[] = [];

    const onItsOwnFeed = async (symbol: string, close: boolean): Promise<void> => {
      const own = createFeed(options);
      alone.push(new WeakRef(own));
      const connected = firstValueFrom(own.bus.on(EventType.CONNECTED));
      const heard = hear(own, symbol, { interval: '1s' });
      await connected;
      heard.stop();
      if (close) await own.close();
    };
    const round = async (index: number): Promise<void> => {
      const symbol = symbols[index % symbols.length] ?? '';
      if (index % 10 === 9) return onItsOwnFeed(symbol, index % 20 === 9);
      const heard = hear(feed, symbol, {
        interval: index % 2 === 0 ? '1s' : '1m',
        from: index % 3 === 0 ? { history: 2 } : undefined,
      });
      if (index % 10 > 5) await nextTurn();
      heard.stop();
      expect(heard.error).toBeUndefined();
      return undefined;
    };
    const rounds = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) await round(index);
      await until(() => exchange.stats.connections === 0, 'all stream sockets to be closed', 1000);
      await until(() => resources()['TCPSocketWrap'] === undefined, 'all REST sockets to be closed', 1000);
    };

    await rounds(200);
    const before = { resources: resources(), listeners: listeners(), heap: await heapAfterGc() };
    await rounds(1000);
    const after = { resources: resources(), listeners: listeners(), heap: await heapAfterGc() };

    expect(after.resources).toEqual(before.resources);
    expect(after.listeners).toBe(before.listeners);
    expect(after.heap - before.heap).toBeLessThan(1.5 * MB);
    expect(alone.filter((feedOfOne) => feedOfOne.deref() !== undefined).length).toBeLessThan(3);
    expect(warnings).toEqual([]);
    expect(exchange.stats.limitBreaks).toEqual([]);
    // Who leaves and comes back at once asks for nothing anew; feeds of their own each ask once.
    const lists = exchange.stats.requests.get('/api/v3/exchangeInfo')?.count ?? 0;
    expect(lists).toBeLessThan(alone.length + 60);
    process.off('warning', onWarning);

    const still = hear(feed, symbols[0] ?? '', { interval: '1s' });
    await still.count(2);
    expectWhole(still.candles, exchange, { venue: VENUE, symbol: symbols[0] ?? '', interval: '1s' });
    await feed.close();
  });
});

describe.concurrent('a socket', () => {
  it('that nobody needs is closed within a second, and one that is needed stays', async () => {
    await using r = await rig();
    const [btc, eth] = [r.listen('BTCUSDT', '1s'), r.listen('ETHUSDT', '1s')];
    await Promise.all([btc.count(1), eth.count(1)]);
    btc.stop();
    await until(() => r.exchange.stats.topics === 1, 'the topic to be left', 2000);
    await eth.more(2);
    expect(r.exchange.stats).toMatchObject({ connections: 1, connectionsEver: 1, unsubscribes: 1 });
    eth.stop();
    await until(() => r.exchange.stats.connections === 0, 'the socket to be closed', 1000);
    expect(r.of('DISCONNECTED').map(({ reason }) => reason)).toEqual(['no longer needed']);
    expectWhole(eth.candles, r.exchange, { venue: VENUE, symbol: 'ETHUSDT', interval: '1s' });
  });

  it('is not opened anew for a subscriber who comes at once', async () => {
    await using r = await rig();
    const first = r.listen('BTCUSDT', '1s');
    await first.count(1);
    first.stop();
    const second = r.listen('BTCUSDT', '1s');
    await second.count(2);
    expect(r.exchange.stats.connectionsEver).toBe(1);
    expectWhole(second.candles, r.exchange, { venue: VENUE, symbol: 'BTCUSDT', interval: '1s' });
  });
});

describe.concurrent('close()', () => {
  it('completes every stream, closes every socket and refuses who comes later', async () => {
    await using r = await rig();
    const { feed } = r;
    const heard = [r.listen('BTCUSDT', '1s'), r.listen('ETHUSDT', '1m', { history: 5 })];
    await heard[0]?.count(1);
    await feed.close();
    expect(heard.map(({ completed, error }) => [completed, error])).toEqual(Array(2).fill([true, undefined]));
    await until(() => r.exchange.stats.connections === 0, 'the exchange to notice', 200);
    const late = r.listen('BTCUSDT', '1s');
    expect(late.error).toBeInstanceOf(FeedClosedError);
    const running: unknown[] = [];
    feed.candles$('BTCUSDT', '1s').subscribe({ error: (error: unknown) => running.push(error) });
    expect(running).toMatchObject([{ code: 'FEED_CLOSED' }]);
    await feed.close();
  });

  it.each(['handshake', 'half-open', 'REST', 'backoff'])('does not wait for a %s that hangs', async (what) => {
    await using r = await rig({ feed: { reconnect: { initialDelayMs: 60_000, maxDelayMs: 60_000 } } });
    const { stream, rest } = r.exchange.faults;
    if (what === 'handshake') stream.delayHandshake(60_000);
    if (what === 'REST') rest.hang();
    if (what === 'backoff') stream.refuse(503);
    const heard = r.listen('BTCUSDT', '1s', { history: 100 });
    await until(() => r.exchange.stats.attempts === 1);
    if (what === 'half-open') {
      await until(() => r.of('CONNECTED').length === 1);
      stream.halfOpen();
    }
    await within(1000, r.feed.close(), 'the feed to be closed');
    expect([heard.completed, heard.error]).toEqual([true, undefined]);
  });

  it('is called by await using', async () => {
    await using exchange = await startFakeExchange();
    let completed = false;
    {
      await using feed = createFeed({ venue: VENUE, endpoints: exchange.endpoints(VENUE), logLevel: 'silent' });
      const candles$ = feed.closedCandles$('BTCUSDT', '1s');
      candles$.subscribe({ complete: () => (completed = true) });
      await firstValueFrom(candles$.pipe(take(1)));
    }
    expect(completed).toBe(true);
    await until(() => exchange.stats.connections === 0, 'the exchange to notice', 200);
  });
});
