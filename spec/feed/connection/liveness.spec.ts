import { describe, expect, it } from 'vitest';
import { PoolRig } from '../../support/pool-rig.ts';

describe('liveness', () => {
  it('finds a peer that has fallen silent, at any moment, within 10 s', () => {
    for (let moment = 0; moment < 40; moment++) {
      const rig = new PoolRig();
      rig.watch('BTCUSDT');
      rig.advance(20_000 + moment * 97);
      rig.peer.last.manners.pongs = rig.peer.last.manners.chatter = false;
      const fellSilent = rig.clock.now();
      rig.advance(12_000);
      const [found] = rig.events.filter(({ type }) => type === 'DISCONNECTED');
      expect(found).toMatchObject({ reason: 'no pong' });
      expect((found?.at ?? Infinity) - fellSilent).toBeLessThanOrEqual(10_000);
    }
  });

  it('asks a quiet connection for pongs, and one that delivers for none', () => {
    const rig = new PoolRig();
    rig.watch('BTCUSDT');
    rig.advance(20_000);
    expect(rig.peer.last.pings).toBe(0);
    rig.peer.last.manners.chatter = false;
    rig.advance(20_000);
    expect(rig.peer.last.pings).toBeGreaterThanOrEqual(4);
    expect(rig.peer.sessions).toHaveLength(1);
  });

  it('takes a session that delivered and died for no failure, and a mute one for one', () => {
    const rig = new PoolRig();
    rig.peer.manners.pongs = rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    rig.advance(20_000);
    expect(rig.of('RECONNECTING').map(({ attempt, reason }) => [attempt, reason])).toEqual([
      [1, 'no pong'],
      [2, 'no pong'],
    ]);
  });
});
