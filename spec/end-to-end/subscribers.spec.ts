import { Subscription, config } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventBus, EventType, createFeed, publishTo, type Candle, type FeedEvent } from 'rx-candles';
import { expectWhole, hear, midSecond, rig, until } from './rig.ts';

const BTC = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;

/** What RxJS reports as thrown by a handler; by default it becomes an uncaught exception. */
const reported: unknown[] = [];
beforeAll(() => {
  config.onUnhandledError = (error) => reported.push(error);
});
afterAll(() => {
  config.onUnhandledError = null;
});

const opensOf = (candles: readonly Candle[]) => candles.map(({ timestamp }) => timestamp);

describe.concurrent('the bus', () => {
  it('tells each candle once, however many subscribe and however it came, and no warm-up', async () => {
    await using r = await rig({ feed: { graceMs: 200 } });
    const [a, b, warm] = [
      r.listen('BTCUSDT', '1s'),
      r.listen('btcusdt', '1s'),
      r.listen('BTCUSDT', '1s', { history: 50 }),
    ];
    await a.fromStream();
    const lost = r.exchange.faults.stream.loseCloses({ next: 2 });
    await until(() => lost.hits === 2);
    await a.more(3);
    await Promise.all([b.count(a.candles.length), warm.count(50 + a.candles.length)]);
    const told = r.of('CANDLE_CLOSED').map(({ candle }) => candle);
    expect(told.slice(0, a.candles.length)).toEqual(a.candles.slice(0, told.length));
    expect(new Set(opensOf(told)).size).toBe(told.length);
    expect(told.filter(({ source }) => source === 'backfill').length).toBeGreaterThanOrEqual(2);
    expectWhole(told, r.exchange, BTC);
    expect(r.of('CANDLE_CLOSED').every(({ symbol, interval }) => symbol === 'BTCUSDT' && interval === '1s')).toBe(true);
    expectWhole(warm.candles, r.exchange, BTC);
  });

  it('keeps everybody’s order when handlers throw, publish, subscribe and unsubscribe while notified', async () => {
    await using r = await rig();
    const { bus } = r.feed;
    const [first, last, late]: FeedEvent[][] = [[], [], []];
    bus.events$.subscribe((event) => first?.push(event));
    bus.on('CANDLE_CLOSED').subscribe(({ candle }) => {
      throw new Error(`a bus handler failed at ${candle.timestamp}`);
    });
    let answered = 0;
    bus.on(EventType.CANDLE_CLOSED).subscribe(({ venue, symbol, interval, candle: { timestamp } }) => {
      answered += 1;
      bus.publish({
        type: 'CANDLE_MISSING',
        venue,
        symbol,
        interval,
        from: timestamp,
        to: timestamp,
        reason: 'absent',
      });
    });
    const victim = new Subscription();
    let victimHeard = 0;
    const once = bus.on('CANDLE_CLOSED').subscribe(() => {
      once.unsubscribe();
      victim.unsubscribe();
      bus.events$.subscribe((event) => late?.push(event));
    });
    victim.add(bus.on('CANDLE_CLOSED').subscribe(() => victimHeard++));
    bus.events$.subscribe((event) => last?.push(event));
    const heard = r.listen('BTCUSDT', '1s');
    await heard.count(4);
    expect(last).toEqual(first);
    const both = (first ?? []).filter(({ type }) => type.startsWith('CANDLE_')).map(({ type }) => type);
    expect(both.slice(0, 8)).toEqual(Array(4).fill(['CANDLE_CLOSED', 'CANDLE_MISSING']).flat());
    expect(answered).toBe(heard.candles.length);
    expect(victimHeard).toBeLessThanOrEqual(1);
    expect(late?.filter(({ type }) => type === 'CANDLE_CLOSED').length).toBe(heard.candles.length - 1);
    await until(() => reported.filter((error) => String(error).includes('a bus handler failed')).length >= 4);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('may be one’s own, for several feeds and for candles of one’s own making', async () => {
    const bus = new EventBus();
    const closed: string[] = [];
    bus.on('CANDLE_CLOSED').subscribe(({ candle }) => closed.push(`${candle.venue} ${candle.symbol}`));
    await using spot = await rig({ feed: { bus } });
    expect(spot.feed.bus).toBe(bus);
    const other = new EventBus();
    const copied: FeedEvent[] = [];
    other.events$.subscribe((event) => copied.push(event));
    const candles: Candle[] = [];
    const republished$ = spot.feed.closedCandles$('BTCUSDT', '1s').pipe(publishTo(other));
    republished$.subscribe((candle) => candles.push(candle));
    await until(() => candles.length >= 2);
    expect(closed).toEqual(candles.map(() => 'binance-spot BTCUSDT'));
    expect(copied).toEqual(
      candles.map((candle) => ({
        type: 'CANDLE_CLOSED',
        venue: 'binance-spot',
        symbol: 'BTCUSDT',
        interval: '1s',
        candle,
      })),
    );
  });
});

describe.concurrent('subscribers of one series', () => {
  it('each get every candle once and in order, whatever the others do while notified', async () => {
    await using r = await rig();
    const { feed } = r;
    const before = r.listen('BTCUSDT', '1s');
    feed.closedCandles$('BTCUSDT', '1s').subscribe(({ timestamp }) => {
      throw new Error(`a subscriber failed at ${timestamp}`);
    });
    const thrower: number[] = [];
    feed.closedCandles$('BTCUSDT', '1s').subscribe(({ timestamp }) => {
      thrower.push(timestamp);
      throw new Error('again');
    });
    const seen = { self: [] as number[], other: [] as number[] };
    const anew: ReturnType<typeof hear>[] = [];
    let running = 0;
    const self = feed.closedCandles$('BTCUSDT', '1s').subscribe(({ timestamp }) => {
      seen.self.push(timestamp);
      if (seen.self.length < 2) return;
      self.unsubscribe();
      other.unsubscribe();
      running = r.exchange.openTimeNow(BTC);
      anew.push(hear(feed, 'BTCUSDT', { interval: '1s' }), hear(feed, 'ETHUSDT', { interval: '1s' }));
    });
    const other = feed.closedCandles$('BTCUSDT', '1s').subscribe(({ timestamp }) => seen.other.push(timestamp));
    const after = r.listen('BTCUSDT', '1s');
    await after.count(5);
    await Promise.all(anew.map((one) => one.count(2)));
    expect(opensOf(after.candles)).toEqual(opensOf(before.candles));
    expectWhole(after.candles, r.exchange, BTC);
    expect(thrower).toEqual(opensOf(before.candles));
    const opens = opensOf(before.candles);
    expect(seen).toEqual({ self: opens.slice(0, 2), other: opens.slice(0, 1) });
    expect(opensOf(anew[0]?.candles ?? [])).toEqual(opens.filter((open) => open >= running));
    expectWhole(anew[1]?.candles ?? [], r.exchange, { ...BTC, symbol: 'ETHUSDT' });
    await until(() => reported.filter((error) => String(error).includes('a subscriber failed')).length >= 5);
  });

  it('may all leave from within a candle, and come back', async () => {
    await using r = await rig();
    const { feed } = r;
    const all = new Subscription();
    let notified = 0;
    for (let index = 0; index < 5; index++) {
      all.add(
        feed.closedCandles$('BTCUSDT', '1s').subscribe(() => {
          notified += 1;
          all.unsubscribe();
        }),
      );
    }
    await until(() => notified > 0);
    await until(() => r.exchange.stats.connections === 0, 'the socket to be closed', 1000);
    expect(notified).toBe(1);
    const again = r.listen('BTCUSDT', '1s');
    await again.count(2);
    expectWhole(again.candles, r.exchange, BTC);
  });

  it('may close the feed from within a candle', async () => {
    await using r = await rig();
    const { feed } = r;
    const [before, after] = [r.listen('BTCUSDT', '1s'), r.listen('ETHUSDT', '1s')];
    let closing: Promise<void> | undefined;
    feed.closedCandles$('BTCUSDT', '1s').subscribe(() => void (closing ??= feed.close()));
    await Promise.all([before.ended(), after.ended()]);
    await closing;
    expect([before.completed, after.completed, before.error, after.error]).toEqual([true, true, undefined, undefined]);
    expect(before.candles.length).toBe(1);
  });

  it('who come late get their own sequence, from the candle that is running then', async () => {
    await using r = await rig();
    const first = r.listen('BTCUSDT', '1s');
    await first.count(2);
    await midSecond(r.exchange);
    const running = r.exchange.openTimeNow(BTC);
    const second = r.listen('BTCUSDT', '1s');
    await second.count(3);
    expect(second.candles[0]?.timestamp).toBe(running);
    expectWhole(second.candles, r.exchange, BTC);
    expect(r.exchange.stats).toMatchObject({ connections: 1, topics: 1, subscribes: 1 });
  });
});

describe.concurrent('a status', () => {
  it('is told at once, after each change, and ends with the feed', async () => {
    await using r = await rig();
    // The clock is learnt after everything else: that alone is a change too.
    const fault = r.exchange.faults.rest.fail(503);
    const statuses: { clock: number | null; connections: number; streams: number; stream: number; closed: boolean }[] =
      [];
    let completed = false;
    r.feed.status$.subscribe({
      next: ({ clockOffsetMs: clock, connections, streams, closed, candles }) =>
        statuses.push({ clock, connections, streams, stream: candles.stream, closed }),
      complete: () => (completed = true),
    });
    expect(statuses).toEqual([{ clock: null, connections: 0, streams: 0, stream: 0, closed: false }]);
    const quiet = r.listen('BTCUSDT', '1d');
    await until(() => statuses.at(-1)?.streams === 1, 'the stream');
    expect(statuses.at(-1)?.clock).toBeNull();
    fault.stop();
    await until(() => statuses.at(-1)?.clock !== null, 'the clock offset');
    await until(() => statuses.at(-1)?.connections === 1);
    quiet.stop();
    await until(() => statuses.at(-1)?.streams === 0, 'no stream');
    await until(() => statuses.at(-1)?.connections === 0, 'no connection');
    await r.listen('BTCUSDT', '1s').count(2);
    await until(() => (statuses.at(-1)?.stream ?? 0) >= 2);
    await r.feed.close();
    expect(completed).toBe(true);
    expect(statuses.at(-1)).toMatchObject({ closed: true, streams: 0, connections: 0 });
  });
});

describe.concurrent('candles$', () => {
  it('passes updates at once, and keeps the promise among the closed ones', async () => {
    await using r = await rig({ exchange: { updatesPerSecond: 10 } });
    const heard: (Candle & { closed: boolean })[] = [];
    r.feed.candles$('BTCUSDT', '1s').subscribe((candle) => heard.push(candle));
    const closed = (): Candle[] => heard.filter((one) => one.closed).map(({ closed: _, ...candle }) => candle);
    await until(() => closed().length >= 2);
    r.exchange.faults.stream.drop();
    const had = closed().length;
    await until(() => closed().length >= had + 3, 'three more closes');
    await until(() => heard.filter((one) => !one.closed).length > 10, 'updates');
    expectWhole(closed(), r.exchange, BTC);
    for (const [index, { timestamp, closed: isClosed }] of heard.entries()) {
      const later = heard.slice(index + 1);
      if (isClosed) expect(later.every((one) => one.timestamp > timestamp)).toBe(true);
    }
  });

  it('goes back to the cheap path when nobody wants updates any more', async () => {
    await using r = await rig({ exchange: { updatesPerSecond: 10 } });
    const { stream } = r.exchange.faults;
    const closed = r.listen('BTCUSDT', '1s');
    const updates: Candle[] = [];
    const running = r.feed.candles$('BTCUSDT', '1s').subscribe((candle) => updates.push(candle));
    await until(() => updates.length > 3);
    // Proves itself unfinished before it breaks off: read only by those who want updates.
    const cheap = '{"stream":"btcusdt@kline_1s","data":{"e":"kline","k":{"x":false,"q":"1';
    const readTo = async (end: string): Promise<number> => {
      stream.send(cheap);
      stream.send(end);
      await until(() => r.of('FRAME_REJECTED').some(({ excerpt }) => excerpt === end), end);
      return r.of('FRAME_REJECTED').filter(({ excerpt }) => excerpt === cheap).length;
    };
    expect(await readTo('while running')).toBe(1);
    running.unsubscribe();
    const had = updates.length;
    expect(await readTo('afterwards')).toBe(1);
    await closed.more(2);
    expect(updates.length).toBe(had);
    expectWhole(closed.candles, r.exchange, BTC);
  });

  it('errors and completes as closedCandles$ does', async () => {
    await using r = await rig();
    const errors: unknown[] = [];
    r.feed.candles$('NOSUCHUSDT', '1s').subscribe({ error: (error: unknown) => errors.push(error) });
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ code: 'FEED_UNKNOWN_SYMBOL' });
    let completed = false;
    r.feed.candles$('BTCUSDT', '1s').subscribe({ complete: () => (completed = true) });
    await r.feed.close();
    expect(completed).toBe(true);
  });
});

it('shows how a feed is made without opening anything', async () => {
  await using r = await rig();
  const bystander = createFeed({ venue: 'binance-spot', endpoints: r.exchange.endpoints('binance-spot') });
  const cold$ = bystander.closedCandles$('BTCUSDT', '1s');
  await bystander.close();
  expect(r.exchange.stats).toMatchObject({ attempts: 0, connectionsEver: 0 });
  expect(r.exchange.stats.requests.size).toBe(0);
  const errors: unknown[] = [];
  cold$.subscribe({ error: (error: unknown) => errors.push(error) });
  expect(errors).toMatchObject([{ code: 'FEED_CLOSED' }]);
});
