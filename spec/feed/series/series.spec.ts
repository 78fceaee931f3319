import { describe, expect, it } from 'vitest';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError } from '../../../src/core/errors.ts';
import { FeedRig } from '../../support/feed-rig.ts';
import { failure, listed } from '../../support/fake-market.ts';

const MINUTE = 60_000;

describe('a subscription', () => {
  it('gets every close from the candle on that was running when it came', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.run(3 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001, 1002]);
    expect(seen.sources).toEqual(['stream', 'stream', 'stream']);
    expect(rig.market.count('klines')).toBe(0);
  });

  it('gets the candle that was running when it came, though the exchange’s time became known only later', () => {
    const rig = new FeedRig();
    rig.market.failing.time = failure('network');
    rig.peer.manners.openMs = Infinity;
    const { seen } = rig.watch();
    rig.run(45_000);
    rig.market.failing = {};
    rig.peer.manners.openMs = 10;
    rig.run(3 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001, 1002, 1003]);
    expect(seen.sources[0]).toBe('backfill');
  });

  it('gets a close that came before the exchange’s time was known', () => {
    const rig = new FeedRig();
    rig.run(28_000);
    rig.market.latencyMs = 4000;
    const { seen } = rig.watch();
    rig.run(3000);
    expect(seen.minutes).toEqual([]);
    rig.run(20_000);
    expect(seen.minutes).toEqual([1000]);
    expect(seen.sources).toEqual(['stream']);
  });

  it('has a mark of its own, also in the middle of a backfill', () => {
    const rig = new FeedRig();
    const first = rig.watch();
    rig.run(1000);
    for (let minute = 1000; minute < 1005; minute += 1) rig.unsent.add(minute);
    rig.market.failing.klines = failure('network');
    rig.run(5 * MINUTE);
    const second = rig.watch();
    rig.market.failing = {};
    rig.run(2 * MINUTE);
    expect(first.seen.minutes).toEqual([1000, 1001, 1002, 1003, 1004, 1005, 1006]);
    expect(second.seen.minutes).toEqual([1005, 1006]);
  });

  it('may come and go in a handler, and nobody loses or repeats anything', () => {
    const rig = new FeedRig();
    const later: ReturnType<FeedRig['watch']>[] = [];
    const watching = rig.watch();
    rig.bus.on('CANDLE_CLOSED').subscribe(() => later.push(rig.watch()));
    rig.run(2 * MINUTE);
    watching.subscription.unsubscribe();
    rig.run(2 * MINUTE);
    expect(watching.seen.minutes).toEqual([1000, 1001]);
    expect(later.map(({ seen }) => seen.minutes)).toEqual([[1001, 1002, 1003], [1002, 1003], [1003], []]);
  });
});

describe('a candle that closes', () => {
  it('is told on the bus once, however many have subscribed', () => {
    const rig = new FeedRig();
    for (let n = 0; n < 5; n += 1) rig.watch();
    rig.run(2 * MINUTE);
    expect(rig.of('CANDLE_CLOSED').map(({ candle }) => candle.timestamp / MINUTE)).toEqual([1000, 1001]);
  });

  it('is fetched at its close plus grace when the stream does not send it', () => {
    const rig = new FeedRig();
    rig.unsent.add(1001);
    const { seen } = rig.watch();
    rig.run(4 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001, 1002, 1003]);
    expect(seen.sources).toEqual(['stream', 'backfill', 'stream', 'stream']);
    expect(rig.of('CLOSE_RESCUED')).toMatchObject([{ timestamp: 1001 * MINUTE }]);
    expect(rig.of('CLOSE_RESCUED')[0]?.lateMs).toBeLessThan(6000);
  });

  it('is moved to a fresh connection when the stream stays silent', () => {
    const rig = new FeedRig();
    for (let minute = 1000; minute < 1020; minute += 1) rig.unsent.add(minute);
    const { seen } = rig.watch();
    rig.run(5 * MINUTE);
    expect(rig.of('SERIES_SILENT')).toMatchObject([{ symbol: 'BTCUSDT', interval: '1m', since: 1001 * MINUTE }]);
    expect(rig.peer.sessions.length).toBeGreaterThan(1);
    expect(seen.minutes).toEqual([1000, 1001, 1002, 1003, 1004]);
  });

  it('is reported as missing when the exchange itself lacks it, once', () => {
    const rig = new FeedRig();
    rig.unsent.add(1001);
    rig.market.lacking.add(1001);
    const { seen } = rig.watch();
    rig.watch();
    rig.run(4 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1002, 1003]);
    rig.watch('BTCUSDT', { history: 4 });
    rig.run(10_000);
    expect(rig.of('CANDLE_MISSING')).toMatchObject([{ from: 1001 * MINUTE, to: 1001 * MINUTE }]);
  });
});

describe('a symbol', () => {
  it('that the exchange does not list is an error, though its stream acknowledges it', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch('NOPEUSDT');
    rig.run(5000);
    expect(seen.error).toBeInstanceOf(UnknownSymbolError);
    expect(rig.peer.open).toEqual([]);
  });

  it('is not given up while the list cannot be read', () => {
    const rig = new FeedRig();
    rig.market.failing.symbols = failure('server');
    const { seen } = rig.watch();
    const past = rig.watch('BTCUSDT', { history: 2 });
    rig.run(2 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001]);
    expect(past.seen.minutes).toEqual([998, 999, 1000, 1001]);
  });

  it('that stops trading completes after its last candle', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    rig.market.symbols = [listed('BTCUSDT', { status: 'SETTLING', phase: 'ended', deliveryTime: 1004 * MINUTE })];
    rig.market.end = 1004;
    for (let minute = 1004; minute < 1100; minute += 1) rig.unsent.add(minute);
    rig.run(10 * MINUTE);
    expect(seen).toMatchObject({ minutes: [1000, 1001, 1002, 1003], completed: true, error: undefined });
    expect(rig.peer.open).toEqual([]);
  });

  it('that is halted goes on', () => {
    const rig = new FeedRig();
    rig.market.symbols = [listed('BTCUSDT', { status: 'BREAK', phase: 'paused' })];
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    expect(seen).toMatchObject({ minutes: [1000, 1001], completed: false });
  });

  it('that no longer trades is an error to those who want live candles, and a past to those who ask for it', () => {
    const rig = new FeedRig();
    rig.market.symbols = [listed('BTCUSDT', { status: 'CLOSE', phase: 'ended', deliveryTime: 900 * MINUTE })];
    rig.market.end = 900;
    const live = rig.watch();
    const past = rig.watch('BTCUSDT', { history: 3 });
    const since = rig.watch('BTCUSDT', { since: 897 * MINUTE });
    rig.run(20_000);
    expect(live.seen.error).toBeInstanceOf(SymbolNotTradingError);
    expect(past.seen).toMatchObject({ minutes: [897, 898, 899], completed: true });
    expect(since.seen).toMatchObject({ minutes: [898, 899], completed: true });
    expect(past.seen.sources).toEqual(['history', 'history', 'history']);
  });
});

describe('a place that the exchange does not serve', () => {
  it('ends a series that needs REST, with its last candle', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.run(MINUTE);
    rig.market.failing.klines = failure('geo-blocked');
    for (let minute = 1001; minute < 1100; minute += 1) rig.unsent.add(minute);
    rig.run(5 * MINUTE);
    expect(seen.error).toBeInstanceOf(GeoBlockedError);
    expect(seen.error).toMatchObject({ lastTimestamp: 1000 * MINUTE });
  });

  it('does not matter to a series that does not', () => {
    const rig = new FeedRig();
    rig.market.failing.klines = failure('geo-blocked');
    const { seen } = rig.watch();
    rig.run(3 * MINUTE);
    expect(seen).toMatchObject({ minutes: [1000, 1001, 1002], error: undefined });
  });
});

it('learns the grid of 3d from the exchange, asking until it is known', () => {
  const rig = new FeedRig();
  rig.market.failing.klines = failure('network');
  rig.watch('BTCUSDT', undefined, '3d');
  rig.run(5000);
  expect(rig.market.requests.length).toBeGreaterThanOrEqual(3);
  expect(rig.market.requests.at(-1)).toMatchObject({ interval: '3d', limit: 1 });
  rig.market.failing = {};
  rig.run(5000);
  const asked = rig.market.requests.length;
  rig.run(MINUTE);
  expect(rig.market.requests).toHaveLength(asked);
});
