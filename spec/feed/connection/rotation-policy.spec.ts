import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/ports/session.ts';
import { PoolRig, MINUTE } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';
const HOUR = 60 * MINUTE;

describe('rotation', () => {
  it('replaces each session before rotateAfterMs, again and again, without a moment unheard', () => {
    const rig = new PoolRig({ rotateAfterMs: HOUR });
    const btc = rig.watch('BTCUSDT');
    rig.advance(10 * HOUR);
    const ages = rig.peer.sessions
      .slice(1)
      .map(({ openedAt }, index) => openedAt - (rig.peer.sessions[index]?.openedAt ?? 0));
    expect(ages.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...ages)).toBeLessThan(HOUR - 5000);
    expect(btc.story).toEqual(['live 20']);
    expect(new Set(rig.reasons())).toEqual(new Set(['rotation']));
    expect(rig.of('RECONNECTING')).toEqual([]);
  });

  it('leaves a session that was made by rotation as able to recover as the first', () => {
    const rig = new PoolRig({ rotateAfterMs: 20_000 });
    const btc = rig.watch('BTCUSDT');
    rig.advance(50_000);
    for (const session of rig.peer.open) session.end(1006);
    rig.advance(3000);
    expect(btc.isLive).toBe(true);
    rig.advance(50_000);
    expect(rig.reasons().at(-1)).toBe('rotation');
    rig.peer.last.manners.pongs = rig.peer.last.manners.chatter = false;
    rig.advance(12_000);
    expect(rig.reasons()).toContain('no pong');
    rig.advance(10_000);
    expect(btc.isLive).toBe(true);
  });

  it('rotates a session too that took the place of one that died in the overlap', () => {
    const rig = new PoolRig({ rotateAfterMs: 20_000 });
    const btc = rig.watch('BTCUSDT');
    rig.advance(15_500);
    expect(rig.peer.open).toHaveLength(2);
    rig.peer.sessions[0]?.end(1006);
    rig.advance(18_000);
    expect(rig.peer.sessions).toHaveLength(3);
    expect(btc.story).toEqual(['live 20']);
  });

  it('keeps away from full minutes of the exchange', () => {
    const exchangeAhead = 1234;
    const starts: number[] = [];
    let seed = 1;
    const rig: PoolRig = new PoolRig({
      rotateAfterMs: HOUR,
      random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
      exchangeNow: () => rig.clock.now() + exchangeAhead,
    });
    rig.watchMany(800);
    rig.advance(20 * HOUR);
    for (const { openedAt } of rig.peer.sessions.slice(4)) starts.push((openedAt + exchangeAhead) % MINUTE);
    expect(starts.length).toBeGreaterThan(70);
    expect(starts.filter((phase) => phase < 9990 || phase > 55_000)).toEqual([]);
  });

  it('keeps away from them too where the exchange’s clock was not known yet when the session opened', () => {
    let aheadMs = 0;
    const rig: PoolRig = new PoolRig({
      rotateAfterMs: HOUR,
      random: () => 0.01 * (rig.peer.sessions.length % 100),
      exchangeNow: () => rig.clock.now() + aheadMs,
    });
    rig.watchMany(2000);
    rig.advance(500);
    aheadMs = 27_000;
    rig.advance(HOUR);
    const phases = rig.peer.sessions.slice(10).map(({ openedAt }) => (openedAt + aheadMs) % MINUTE);
    expect(phases).toHaveLength(10);
    expect(phases.filter((phase) => phase < 10_000 || phase > 55_000)).toEqual([]);
  });

  it('waits for no other when the end is near', () => {
    const rig = new PoolRig({ rotateAfterMs: HOUR });
    rig.watchMany(800);
    rig.advance(50 * MINUTE);
    rig.peer.manners.chatter = false; // of new sessions: no replacement comes to an end
    rig.advance(10 * MINUTE);
    expect(new Set(rig.peer.sessions.slice(4).flatMap(({ topics }) => [...topics])).size).toBe(800);
  });

  it('replaces only a few sessions at one time', () => {
    const rig = new PoolRig({ rotateAfterMs: HOUR, random: () => 0.5 });
    rig.watchMany(3000);
    rig.advance(50 * MINUTE);
    let most = 0;
    for (let second = 0; second < 600; second++) {
      rig.advance(1000);
      most = Math.max(most, rig.peer.open.length - 15);
    }
    expect(rig.peer.sessions.length).toBe(30);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('never rotates when rotateAfterMs is Infinity', () => {
    const rig = new PoolRig({ rotateAfterMs: Infinity });
    rig.watch('BTCUSDT');
    rig.advance(48 * HOUR);
    expect(rig.peer.sessions).toHaveLength(1);
  });
});

describe('silence behind live pings', () => {
  it('makes one fresh session, then ever rarer ones, and never a failure', () => {
    const rig = new PoolRig();
    rig.peer.manners.chatter = false;
    const btc = rig.watch('BTCUSDT');
    rig.advance(6 * HOUR);
    const starts = rig.peer.sessions.map(({ openedAt }) => Math.round(openedAt / 1000));
    expect(starts[1]).toBeGreaterThanOrEqual(30);
    expect(starts[1]).toBeLessThanOrEqual(32);
    const pauses = starts.slice(2).map((start, index) => start - (starts[index + 1] ?? 0));
    expect(pauses.slice(0, 5).map((pause) => Math.round(pause / 10) * 10)).toEqual([60, 120, 240, 480, 960]);
    expect(pauses.at(-1)).toBeLessThanOrEqual(3601);
    expect(btc).toMatchObject({ error: undefined, story: ['live 20'] });
    expect(new Set(rig.reasons())).toEqual(new Set(['silent']));
  });

  it('counts from the beginning after data', () => {
    const rig = new PoolRig();
    rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    rig.advance(10 * MINUTE);
    const before = rig.peer.sessions.length;
    rig.peer.close(BTC, MINUTE);
    rig.advance(35_000);
    expect(rig.peer.sessions.length).toBe(before + 1);
  });

  it('makes no more sessions once the old one delivers again', () => {
    const rig = new PoolRig();
    rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    rig.advance(20_000);
    rig.peer.manners.refuse = new SessionError('refused', 'busy');
    rig.advance(20_000);
    const tried = rig.peer.sessions.length;
    expect(tried).toBeGreaterThan(1);
    if (rig.peer.sessions[0] !== undefined) rig.peer.sessions[0].manners.chatter = true;
    rig.peer.sessions[0]?.kline(BTC, MINUTE, false);
    rig.advance(HOUR);
    rig.advance(HOUR);
    expect(rig.peer.sessions.length).toBe(tried);
  });

  it('takes a session that delivers for the cure, and goes on with it', () => {
    const rig = new PoolRig();
    rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    rig.advance(20_000);
    rig.peer.manners.chatter = true;
    rig.advance(HOUR);
    expect(rig.peer.sessions).toHaveLength(2);
    expect(rig.peer.open).toEqual([rig.peer.last]);
  });
});

describe('a series that is silent on a session that delivers', () => {
  it('gets a fresh session at once, then after growing pauses', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(MINUTE);
    for (let step = 0; step < 40; step++) {
      btc.watch?.refresh();
      rig.advance(15_000);
    }
    const starts = rig.peer.sessions.map(({ openedAt }) => Math.round(openedAt / 1000));
    expect(starts).toEqual([0, 60, 120, 240, 480]);
    expect(btc.story).toEqual(['live 20']);
    expect(new Set(rig.reasons())).toEqual(new Set(['silent series']));
  });

  it('needs none once the series has closed a candle, and starts anew afterwards', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(MINUTE);
    btc.watch?.refresh();
    rig.advance(10_000);
    btc.watch?.refresh();
    rig.peer.close(BTC, MINUTE);
    rig.advance(10_000);
    expect(rig.peer.sessions).toHaveLength(2);
    btc.watch?.refresh();
    rig.advance(100);
    expect(rig.peer.sessions).toHaveLength(3);
  });

  it('shares one fresh session with others of its connection', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(50);
    rig.advance(MINUTE);
    for (const { watch } of told) watch?.refresh();
    rig.advance(10_000);
    expect(rig.peer.sessions).toHaveLength(2);
  });
});
