import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/ports/session.ts';
import { MINUTE, PoolRig } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';
const SHUTDOWN = '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}';

function settled(): { rig: PoolRig; btc: ReturnType<PoolRig['watch']> } {
  const rig = new PoolRig();
  const btc = rig.watch('BTCUSDT');
  rig.advance(2 * MINUTE);
  return { rig, btc };
}

describe('replacing a session beside its life', () => {
  it('opens the new one first and closes the old one after the new one has delivered', () => {
    const { rig, btc } = settled();
    rig.peer.last.say(SHUTDOWN);
    rig.advance(500);
    expect(rig.peer.open).toHaveLength(2);
    rig.peer.close(BTC, MINUTE);
    expect(btc.closes).toEqual([MINUTE, MINUTE]);
    rig.advance(2500);
    expect(rig.peer.open).toHaveLength(1);
    rig.peer.close(BTC, 2 * MINUTE);
    expect(btc.closes.at(-1)).toBe(2 * MINUTE);
    expect(btc.story).toEqual(['live 20']);
    expect(rig.reasons()).toEqual(['server shutdown']);
    expect(rig.stream.snapshot().reconnects).toEqual({ 'server shutdown': 1 });
  });

  it('has a close on at least one session at every moment of the exchange', () => {
    const { rig, btc } = settled();
    rig.peer.last.say(SHUTDOWN);
    for (let step = 0; step < 60; step++) {
      rig.advance(100);
      rig.peer.close(BTC, step * MINUTE);
    }
    expect(new Set(btc.closes).size).toBe(60);
    expect(rig.peer.open).toHaveLength(1);
  });

  it('puts the new one in the place of an old one that dies in the overlap, at once and without a failure', () => {
    const { rig, btc } = settled();
    rig.peer.last.say(SHUTDOWN);
    rig.advance(500);
    rig.peer.sessions[0]?.end(1001);
    rig.advance(100);
    rig.peer.close(BTC, MINUTE);
    expect(btc.closes).toEqual([MINUTE]);
    expect(btc.story).toEqual(['live 20']);
    rig.advance(MINUTE);
    expect(rig.peer.sessions).toHaveLength(2);
    expect(rig.of('RECONNECTING').filter(({ reason }) => reason !== 'server shutdown')).toEqual([]);
  });

  it('goes on with a new one that is not yet acknowledged when the old one dies', () => {
    const { rig, btc } = settled();
    rig.peer.manners.ackMs = 3000;
    rig.peer.last.say(SHUTDOWN);
    rig.advance(500);
    rig.peer.sessions[0]?.end(1001);
    expect(btc.isLive).toBe(false);
    rig.advance(3000);
    expect(btc.isLive).toBe(true);
    expect(rig.peer.sessions).toHaveLength(2);
  });

  it('tells both of a topic that comes or goes in the overlap', () => {
    const { rig, btc } = settled();
    rig.peer.manners.chatter = false;
    rig.peer.last.say(SHUTDOWN);
    rig.advance(500);
    const eth = rig.watch('ETHUSDT');
    rig.advance(500);
    expect(rig.peer.open.map(({ topics }) => topics.size)).toEqual([2, 2]);
    btc.watch?.stop();
    rig.advance(500);
    expect(rig.peer.open.map(({ topics }) => [...topics])).toEqual([['ethusdt@kline_1m'], ['ethusdt@kline_1m']]);
    expect(eth.isLive).toBe(true);
  });

  it('tries again with growing pauses while the new one fails, and the old one goes on', () => {
    const { rig, btc } = settled();
    rig.peer.manners.refuse = new SessionError('refused', 'busy', { status: 503 });
    rig.peer.last.say(SHUTDOWN);
    rig.advance(10_000);
    rig.peer.close(BTC, MINUTE);
    expect(rig.of('RECONNECTING').map(({ delayMs }) => delayMs)).toEqual([0, 1000, 2000, 4000, 8000]);
    expect(btc).toMatchObject({ closes: [MINUTE], error: undefined });
    rig.peer.manners.refuse = undefined;
    rig.advance(10_000);
    expect(rig.peer.open).toHaveLength(1);
    expect(rig.peer.sessions[0]?.isOpen).toBe(false);
    expect(btc.story).toEqual(['live 20']);
  });

  it('lets the new one take over after 30 s when neither delivers', () => {
    const { rig } = settled();
    const [old] = rig.peer.sessions;
    if (old === undefined) throw new Error('no session');
    rig.peer.manners.chatter = old.manners.chatter = false;
    rig.peer.last.say(SHUTDOWN);
    rig.advance(25_000);
    expect(old.isOpen).toBe(true);
    rig.advance(10_000);
    expect(old.isOpen).toBe(false);
  });

  it('drops a new one that stays silent while the old one delivers, and tries again later', () => {
    const { rig } = settled();
    rig.peer.manners.chatter = false;
    rig.peer.last.say(SHUTDOWN);
    rig.advance(35_000);
    expect(rig.peer.sessions.map(({ isOpen }) => isOpen)).toEqual([true, false]);
    rig.peer.manners.chatter = true;
    rig.advance(70_000);
    expect(rig.peer.sessions.map(({ isOpen }) => isOpen)).toEqual([false, false, true]);
  });

  it('does not run hot when every new session is told to leave too', () => {
    const { rig } = settled();
    for (let step = 0; step < 3600; step++) {
      rig.advance(100);
      if (step % 10 === 0) for (const session of rig.peer.open) session.say(SHUTDOWN);
    }
    expect(rig.peer.sessions.length).toBeLessThan(20);
    expect(rig.peer.open.length).toBeGreaterThan(0);
  });

  it('does not run hot when every session is told to leave soon after it has taken over', () => {
    const { rig } = settled();
    for (let step = 0; step < 360; step++) {
      rig.advance(1000);
      for (const session of rig.peer.open) if (rig.clock.now() - session.openedAt >= 4000) session.say(SHUTDOWN);
    }
    expect(rig.peer.sessions.length).toBeLessThan(20);
  });

  it('puts trouble before a planned replacement that still waits', () => {
    const rig = new PoolRig({ rotateAfterMs: 20 * MINUTE });
    rig.watch('BTCUSDT');
    rig.advance(17 * MINUTE);
    rig.peer.manners.chatter = false; // the new session of the rotation is given up after half a minute
    rig.advance(2 * MINUTE - 15_000);
    expect(rig.peer.sessions.map(({ isOpen }) => isOpen)).toEqual([true, false]);
    rig.peer.manners.chatter = true;
    rig.peer.sessions[0]?.say(SHUTDOWN);
    rig.advance(5000);
    expect(rig.peer.sessions.map(({ isOpen }) => isOpen)).toEqual([false, false, true]);
    expect(rig.reasons().at(-1)).toBe('server shutdown');
    rig.advance(MINUTE);
    expect(rig.peer.sessions).toHaveLength(3);
  });

  it('goes on with the new session of a rotation when trouble comes in the overlap', () => {
    const rig = new PoolRig({ rotateAfterMs: 20_000 });
    rig.watch('BTCUSDT');
    rig.advance(15_500);
    rig.peer.sessions[0]?.say(SHUTDOWN);
    rig.advance(5000);
    expect(rig.peer.sessions.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it('waits while the venue wants no connections', () => {
    const { rig } = settled();
    rig.peer.manners.refuse = new SessionError('refused', 'busy', { status: 429, retryAfterMs: 120_000 });
    rig.watchMany(200);
    rig.advance(100);
    rig.peer.manners.refuse = undefined;
    const before = rig.peer.sessions.length;
    rig.peer.sessions[0]?.say(SHUTDOWN);
    rig.advance(119_000);
    expect(rig.peer.sessions).toHaveLength(before);
    rig.advance(5000);
    expect(rig.peer.sessions[0]?.isOpen).toBe(false);
  });
});
