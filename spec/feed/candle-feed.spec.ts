import { config, finalize, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { RunningCandle } from '../../src/core/candle.ts';
import { ConfigError, FeedClosedError, UnknownSymbolError, UnsupportedIntervalError } from '../../src/core/errors.ts';
import type { Interval } from '../../src/core/interval.ts';
import type { FeedStatus } from '../../src/core/status.ts';
import { FeedRig } from '../support/feed-rig.ts';
import { klineFrame } from '../support/fake-sessions.ts';
import { failure } from '../support/fake-market.ts';

const MINUTE = 60_000;
const TOPIC = 'btcusdt@kline_1m';

describe('a feed', () => {
  it('opens nothing and asks nothing before something is subscribed to', () => {
    const rig = new FeedRig();
    const candles$ = rig.feed.closedCandles$('BTCUSDT', '1m');
    rig.run(MINUTE);
    expect(rig.peer.sessions).toEqual([]);
    expect(rig.market.asked).toEqual([]);
    candles$.subscribe().unsubscribe();
  });

  it('carries a series once on the wire, however many have subscribed, however they wrote it', () => {
    const rig = new FeedRig();
    const all = ['BTCUSDT', 'btcusdt', 'BTC/USDT:USDT'].map((symbol) => rig.watch(symbol));
    rig.run(2 * MINUTE);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.peer.last.requests.map(({ params }) => params)).toEqual([[TOPIC]]);
    expect(all.map(({ seen }) => seen.minutes)).toEqual([[1000, 1001], [1000, 1001], [1000, 1001]]); // prettier-ignore
  });

  it('lets go of the socket and the timers within a second of the last subscriber', () => {
    const rig = new FeedRig();
    const [one, two] = [rig.watch(), rig.watch('ETHUSDT')];
    rig.run(10_000);
    one.subscription.unsubscribe();
    two.subscription.unsubscribe();
    rig.run(1000);
    expect(rig.peer.open).toEqual([]);
    const asked = rig.market.asked.length;
    rig.run(20 * MINUTE);
    expect(rig.market.asked).toHaveLength(asked);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('begins anew for those who come later', () => {
    const rig = new FeedRig();
    rig.watch().subscription.unsubscribe();
    rig.run(5 * MINUTE);
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    expect(seen.minutes).toEqual([1005, 1006]);
  });
});

it('names its venue in every event, whichever part of it speaks', () => {
  const rig = new FeedRig();
  for (const minute of [1002, 1003]) rig.unsent.add(minute);
  rig.market.lacking.add(1003);
  rig.watch();
  rig.run(2 * MINUTE);
  rig.peer.last.say('{');
  rig.peer.last.end();
  rig.run(5 * MINUTE);
  const types = new Set(rig.events.map(({ type }) => type));
  expect([...types]).toEqual(
    expect.arrayContaining(['CANDLE_CLOSED', 'CONNECTED', 'DISCONNECTED', 'RECONNECTING', 'FRAME_REJECTED', 'CLOSE_RESCUED', 'CANDLE_MISSING']), // prettier-ignore
  );
  expect(rig.events.filter(({ venue }) => venue !== 'binance-usdm')).toEqual([]);
});

describe('an argument that cannot be used is an error of the subscription:', () => {
  it.each<[string, string, Interval, unknown, new (...given: never[]) => Error]>([
    ['an interval that the market has not', 'BTCUSDT', '1s', undefined, UnsupportedIntervalError],
    ['an interval that nobody has', 'BTCUSDT', '7m' as Interval, undefined, UnsupportedIntervalError],
    ['a symbol of another kind of market', 'BTC/USDT', '1m', undefined, UnknownSymbolError],
    ['no symbol', '', '1m', undefined, UnknownSymbolError],
    ['half a candle', 'BTCUSDT', '1m', { history: 0.5 }, ConfigError],
    ['half a history', 'BTCUSDT', '1m', { history: 0.5 }, ConfigError],
  ])('%s', (_, symbol, interval, options, error) => {
    const rig = new FeedRig();
    const { seen } = rig.watch(symbol, options as object, interval);
    expect(seen.error).toBeInstanceOf(error);
    rig.run(5000);
    expect(rig.peer.sessions).toEqual([]);
    expect(rig.market.asked).toEqual([]);
  });
});

describe('a feed that is closed', () => {
  it('completes all streams, one that reads its past too, and leaves nothing behind', () => {
    const rig = new FeedRig();
    const live = rig.watch();
    rig.run(1000);
    rig.market.failing.klines = failure('network');
    const past = rig.watch('BTCUSDT', { history: 500 });
    rig.run(1000);
    rig.feed.close();
    expect([live.seen, past.seen]).toMatchObject([{ completed: true }, { completed: true }]);
    rig.run(2000);
    const asked = rig.market.asked.length;
    rig.run(10 * MINUTE);
    expect(rig.market.asked).toHaveLength(asked);
    expect(rig.peer.open).toEqual([]);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('errors for those who come later', () => {
    const rig = new FeedRig();
    rig.feed.close();
    rig.feed.close();
    expect(rig.watch().seen.error).toBeInstanceOf(FeedClosedError);
  });

  it('completes all streams though what a subscriber does at its end throws', async () => {
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => reported.push(error);
    const rig = new FeedRig();
    const broken = () => {
      throw new Error('the end broke');
    };
    rig.feed.closedCandles$('BTCUSDT', '1m').pipe(finalize(broken)).subscribe();
    const others = [rig.watch(), rig.watch('ETHUSDT')];
    rig.run(1000);
    rig.feed.close();
    expect(others.map(({ seen }) => seen.completed)).toEqual([true, true]);
    expect(rig.peer.open).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    config.onUnhandledError = null;
    expect(reported.map(String)).toMatchObject([expect.stringContaining('the end broke')]);
  });

  it('may be closed in a handler', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.watch();
    rig.feed.closedCandles$('BTCUSDT', '1m').subscribe(() => {
      rig.feed.close();
    });
    rig.run(3 * MINUTE);
    expect(seen).toMatchObject({ minutes: [1000], completed: true });
  });
});

describe('running candles', () => {
  function running(rig: FeedRig) {
    const seen: RunningCandle[] = [];
    const subscription = rig.feed.candles$('BTCUSDT', '1m').subscribe((candle) => seen.push(candle));
    return { seen, subscription, closes: () => seen.filter(({ closed }) => closed).map((c) => c.timestamp / MINUTE) };
  }

  it('are passed on at once, and closes keep the promise among themselves', () => {
    const rig = new FeedRig();
    rig.unsent.add(1001);
    const { seen, closes } = running(rig);
    rig.run(1000);
    rig.peer.last.kline(TOPIC, 1000 * MINUTE, false);
    expect(seen).toMatchObject([{ timestamp: 1000 * MINUTE, closed: false }]);
    rig.run(4 * MINUTE);
    expect(closes()).toEqual([1000, 1001, 1002, 1003]);
  });

  it('come over the connection of the closed ones', () => {
    const rig = new FeedRig();
    const all = [running(rig), running(rig)];
    const { seen } = rig.watch();
    rig.run(MINUTE);
    rig.peer.last.kline(TOPIC, 1001 * MINUTE, false);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.peer.last.requests.map(({ params }) => params)).toEqual([[TOPIC]]);
    expect(all.map((one) => one.closes())).toEqual([[1000], [1000]]);
    expect(all.map((one) => one.seen.at(-1)?.timestamp)).toEqual([1001 * MINUTE, 1001 * MINUTE]);
    expect(seen.minutes).toEqual([1000]);
  });

  it('wait while a lost close is fetched, and the newest of them comes after it', () => {
    const rig = new FeedRig();
    rig.unsent.add(1001);
    rig.market.failing.klines = failure('network');
    const { seen } = running(rig);
    rig.run(2.3 * MINUTE);
    for (const minute of [1002, 1001]) rig.peer.last.kline(TOPIC, minute * MINUTE, false);
    rig.peer.last.end();
    rig.market.failing = {};
    rig.run(MINUTE);
    rig.peer.last.kline(TOPIC, 1003 * MINUTE, false);
    const told = seen.filter(({ timestamp }) => timestamp > MINUTE);
    expect(told.map(({ timestamp, closed }) => `${closed ? 'closed' : 'running'} ${String(timestamp / MINUTE)}`)).toEqual([
      'closed 1000', 'closed 1001', 'running 1002', 'closed 1002', 'running 1003',
    ]); // prettier-ignore
  });

  it('that come while a handler is given fetched closes wait for all of these', () => {
    const rig = new FeedRig();
    const told: string[] = [];
    rig.feed.candles$('BTCUSDT', '1m').subscribe(({ timestamp, closed }) => {
      if (timestamp > MINUTE) told.push(`${closed ? 'closed' : 'running'} ${String(timestamp / MINUTE)}`);
      if (timestamp === 1000 * MINUTE) rig.peer.last.kline(TOPIC, 1003 * MINUTE, false);
    });
    rig.unsent.add(1000).add(1001);
    rig.run(1000);
    rig.market.failing.klines = failure('network');
    rig.run(2.7 * MINUTE);
    rig.market.failing = {};
    rig.run(40_000);
    expect(told).toEqual(['closed 1000', 'closed 1001', 'closed 1002', 'running 1003']);
  });

  it('are not told of a candle that has closed', () => {
    const rig = new FeedRig();
    const { seen } = running(rig);
    rig.run(MINUTE);
    const before = seen.length;
    rig.peer.last.kline(TOPIC, 1000 * MINUTE, false);
    expect(seen).toHaveLength(before);
  });

  it('cost those who want closes only nothing', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(3000);
    expect(rig.peer.last.passRunning).toBe(false);
    const { subscription } = running(rig);
    expect(rig.peer.last.passRunning).toBe(true);
    subscription.unsubscribe();
    expect(rig.peer.last.passRunning).toBe(false);
  });
});

describe('the status', () => {
  const statusOf = (rig: FeedRig) => {
    let status: FeedStatus | undefined;
    rig.feed.status$.subscribe((it) => (status = it)).unsubscribe();
    return status;
  };

  it('tells of connections, streams, the clock and what was delivered', () => {
    const rig = new FeedRig();
    expect(statusOf(rig)).toMatchObject({
      closed: false,
      connections: 0,
      streams: 0,
      redundant: 0,
      clockOffsetMs: null,
      lastDataAt: null,
    });
    rig.watch('BTCUSDT', { history: 2 });
    rig.watch();
    rig.run(2 * MINUTE);
    expect(statusOf(rig)).toMatchObject({
      ...{ connections: 1, streams: 1, openGaps: 0, missing: 0 },
      candles: { stream: 4, backfill: 0, history: 2 },
    });
    // This machine's wall clock is 7 s behind the exchange's.
    expect(Math.abs((statusOf(rig)?.clockOffsetMs ?? 0) - 7000)).toBeLessThanOrEqual(11);
    expect(Math.abs((statusOf(rig)?.lastDataAt ?? 0) - rig.market.now())).toBeLessThanOrEqual(1500);
  });

  it('counts running candles that had to be decoded in full, and shows the first', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(3000);
    expect(statusOf(rig)?.framesDecodedInFull).toBe(0);
    const [first, second] = [klineFrame(TOPIC, 1000 * MINUTE, false), klineFrame(TOPIC, 1001 * MINUTE, false)];
    rig.peer.last.say(first);
    rig.peer.last.say(second);
    expect(statusOf(rig)?.framesDecodedInFull).toBe(2);
    expect(rig.decodedInFull).toEqual([first]);
  });

  it('tells the time that handlers of running candles and of the bus take, too', () => {
    const rig = new FeedRig();
    let busyMs = 0;
    const virtual = rig.clock.now;
    rig.clock.now = () => virtual() + busyMs;
    rig.feed.candles$('BTCUSDT', '1m').subscribe(({ closed }) => (busyMs += closed ? 7 : 100));
    rig.run(1000);
    rig.peer.last.kline(TOPIC, 1000 * MINUTE, false);
    expect(statusOf(rig)).toMatchObject({ handlerMs: 100, slowestHandlerMs: 100 });
    rig.bus.on('CANDLE_CLOSED').subscribe(() => (busyMs += 1000));
    rig.peer.last.kline(TOPIC, 1000 * MINUTE, true);
    expect(statusOf(rig)).toMatchObject({ handlerMs: 1107, slowestHandlerMs: 1000 });
  });

  it('counts no gap as open that nobody waits for any more', () => {
    const rig = new FeedRig();
    const { subscription } = rig.watch();
    rig.run(1000);
    rig.unsent.add(1000);
    rig.market.failing.klines = failure('network');
    rig.run(90_000);
    expect(statusOf(rig)?.openGaps).toBe(1);
    subscription.unsubscribe();
    expect(statusOf(rig)?.openGaps).toBe(0);
  });

  it('ends with the feed', async () => {
    const rig = new FeedRig();
    rig.feed.close();
    expect((await firstValueFrom(rig.feed.status$)).closed).toBe(true);
  });
});
