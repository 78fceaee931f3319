import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../../src/core/defaults.ts';
import { connectRateLimiter, SharedConnectLimits } from '../../../src/feed/connection/connect-rate-limiter.ts';
import { SessionError } from '../../../src/ports/session.ts';
import { binanceCoinm } from '../../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { PoolRig, MINUTE } from '../../support/pool-rig.ts';

const limiter = (limit: number) => connectRateLimiter({ limit, windowMs: 5 * MINUTE });

describe('connection attempts', () => {
  it('stay below the limit of any five minutes, over all connections, however eager the policy', () => {
    const reconnect = { ...DEFAULT_RECONNECT, initialDelayMs: 10, maxDelayMs: 10, maxRetries: Infinity };
    const rig = new PoolRig({ reconnect });
    rig.peer.manners.refuse = new SessionError('refused', 'no');
    rig.watchMany(2000);
    rig.advance(20 * MINUTE);
    const times = rig.peer.sessions.map(({ openedAt }) => openedAt);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 5 * MINUTE).length));
    expect(most).toBe(250);
  });

  it('leave a fifth to recovery where they are planned', () => {
    const connects = limiter(10);
    for (let now = 0; now < 8; now++) connects.take(now);
    expect(connects.waitMs(10, true)).toBe(5 * MINUTE - 10);
    expect(connects.waitMs(10)).toBe(0);
  });

  it('are counted for rotation too, which never uses up what recovery needs', () => {
    const rig = new PoolRig({ connects: limiter(5), rotateAfterMs: 20_000 });
    const btc = rig.watch('BTCUSDT');
    rig.advance(4 * MINUTE);
    expect(rig.peer.sessions).toHaveLength(4);
    rig.peer.last.end();
    rig.advance(2000);
    expect(rig.peer.sessions).toHaveLength(5);
    expect(btc.isLive).toBe(true);
  });

  it('are left by rotation to a session that has fallen silent', () => {
    const rig = new PoolRig({ connects: limiter(5), rotateAfterMs: 20_000 });
    rig.watch('BTCUSDT');
    rig.advance(2 * MINUTE);
    expect(rig.peer.sessions).toHaveLength(4);
    rig.peer.last.manners.chatter = false;
    rig.advance(35_000);
    expect(rig.peer.sessions).toHaveLength(5);
    expect(rig.peer.open).toEqual([rig.peer.last]);
  });

  it('wait as long as the venue asks', () => {
    const connects = limiter(10);
    connects.holdUntil(500);
    connects.holdUntil(300);
    expect(connects.waitMs(100)).toBe(400);
    expect(connects.waitMs(500)).toBe(0);
  });
});

describe('feeds of one process', () => {
  it.each([
    ['share the attempts at one host', 'wss://a.test/market', 'wss://a.test', 7],
    ['do not share those at different hosts', 'wss://a.test', 'wss://b.test', 0],
    ['tell two fake exchanges apart by their port', 'ws://127.0.0.1:4000', 'ws://127.0.0.1:4001', 0],
  ])('%s', (_title, one, other, wait) => {
    const limits = new SharedConnectLimits();
    limits.take(binanceSpot.stream, one).holdUntil(7);
    expect(limits.take(binanceCoinm.stream, other).waitMs(0)).toBe(wait);
  });
});
