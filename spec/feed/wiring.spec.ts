import { describe, expect, it } from 'vitest';
import { FeedRig } from '../support/feed-rig.ts';
import { failure } from '../support/fake-market.ts';

const MINUTE = 60_000;

describe('the rooms of one feed', () => {
  it('share one clock: each frame is held against it, and a jump is asked about', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(20_000);
    const asked = rig.market.count('time');
    // The exchange's clock is found to be an hour further on.
    rig.peer.last.kline('btcusdt@kline_1m', 1060 * MINUTE, true);
    expect(rig.market.count('time')).toBe(asked + 1);
  });

  it('ask for the exchange’s time again at each reconnect', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(20_000);
    const asked = rig.market.count('time');
    rig.peer.last.end();
    rig.run(5000);
    expect(rig.of('CONNECTED')).toHaveLength(2);
    expect(rig.market.count('time')).toBe(asked + 1);
  });

  it('share one list of symbols', () => {
    const rig = new FeedRig();
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) rig.watch(symbol);
    rig.run(2 * MINUTE);
    expect(rig.market.count('symbols')).toBe(1);
  });

  it('share one queue to REST: at most six requests are under way', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(1000);
    rig.market.latencyMs = 1000;
    const before = rig.market.count('klines');
    for (let count = 1; count <= 20; count += 1) rig.watch('BTCUSDT', { history: count });
    rig.run(900);
    expect(rig.market.count('klines') - before).toBeLessThanOrEqual(6);
    rig.run(30_000);
    expect(rig.market.count('klines') - before).toBeGreaterThanOrEqual(20);
  });

  it('share one budget: a ban stops every request', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(1000);
    rig.market.failing.klines = failure('banned');
    rig.watch('BTCUSDT', { history: 1 });
    rig.run(2000);
    rig.market.failing = {};
    const asked = rig.market.asked.length;
    rig.watch('ETHUSDT', { history: 1 });
    rig.run(30_000);
    expect(rig.market.asked).toHaveLength(asked);
  });
});
