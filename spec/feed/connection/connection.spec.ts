import { describe, expect, it } from 'vitest';
import { PoolRig } from '../../support/pool-rig.ts';

const delays = (rig: PoolRig): readonly number[] => rig.of('RECONNECTING').map(({ delayMs }) => delayMs);
const attempts = (rig: PoolRig): readonly number[] => rig.of('RECONNECTING').map(({ attempt }) => attempt);

describe('a connection that dies', () => {
  it('loses only the series of the connection that died', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(400);
    rig.advance(5000);
    rig.peer.sessions[0]?.end();
    expect(told.filter(({ isLive }) => isLive)).toHaveLength(200);
    rig.advance(5000);
    expect(told.filter(({ isLive }) => isLive)).toHaveLength(400);
    expect(rig.peer.sessions).toHaveLength(3);
  });
});

describe('requests that go wrong', () => {
  it('replaces a session that does not answer, while it still delivers, without losing a topic', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.last.manners.ackMs = Infinity;
    const eth = rig.watch('ETHUSDT');
    rig.advance(20_000);
    expect(btc.story).toEqual(['live 20']);
    expect(eth.isLive).toBe(true);
    expect(rig.reasons()).toEqual(['no acknowledgement']);
    expect(rig.peer.open).toHaveLength(1);
  });

  it('gives up a session that does not answer and delivers nothing', () => {
    const rig = new PoolRig();
    rig.peer.manners.ackMs = Infinity;
    rig.watch('BTCUSDT');
    rig.advance(12_500);
    expect(rig.reasons()).toEqual(['no acknowledgement']);
    expect(rig.peer.sessions).toHaveLength(2);
  });

  it('backs off from a venue that refuses every request', () => {
    const rig = new PoolRig();
    rig.peer.manners.reject = 'Too many subscriptions';
    const btc = rig.watch('BTCUSDT');
    rig.advance(8000);
    expect(attempts(rig)).toEqual([1, 2, 3, 4]);
    expect(rig.of('RECONNECTING')[0]).toMatchObject({ reason: 'rejected', detail: '2: Too many subscriptions' });
    expect(btc.story).toEqual([]);
  });

  it('keeps a session that delivers while its replacements are refused, with growing pauses', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.manners.reject = rig.peer.last.manners.reject = 'Invalid request';
    rig.watch('ETHUSDT');
    rig.advance(20_000);
    expect(btc.story).toEqual(['live 20']);
    expect(rig.peer.sessions[0]?.isOpen).toBe(true);
    expect(delays(rig)).toEqual([0, 1000, 2000, 4000, 8000, 16_000]);
  });
});
