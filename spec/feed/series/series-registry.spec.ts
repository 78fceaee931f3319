import { describe, expect, it } from 'vitest';
import { FeedRig } from '../../support/feed-rig.ts';

const MINUTE = 60_000;

describe('the series of a feed', () => {
  it('are one for all who ask for the same, and one each for every symbol and interval', () => {
    const rig = new FeedRig();
    rig.watch('BTCUSDT', undefined, '1m');
    rig.watch('BTCUSDT', undefined, '1m');
    rig.watch('BTCUSDT', undefined, '5m');
    rig.watch('ETHUSDT', undefined, '1m');
    rig.run(100);
    expect([...rig.peer.last.topics].sort()).toEqual(['btcusdt@kline_1m', 'btcusdt@kline_5m', 'ethusdt@kline_1m']);
  });

  it('are gone with the last subscriber, and made anew for who comes then', () => {
    const rig = new FeedRig();
    const one = rig.watch();
    const other = rig.watch();
    rig.run(100);
    one.subscription.unsubscribe();
    rig.run(100);
    expect(rig.peer.last.topics.size).toBe(1);
    other.subscription.unsubscribe();
    rig.run(1000);
    expect(rig.peer.open).toEqual([]);
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    expect(seen.minutes.length).toBeGreaterThan(0);
  });
});
