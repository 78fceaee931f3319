import { describe, expect, it } from 'vitest';
import { MINUTE, PoolRig } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';

describe('frames', () => {
  it('publishes a frame it cannot understand and goes on', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(100);
    rig.peer.last.say(`{"stream":"x","data":${'€'.repeat(200)}`);
    rig.peer.close(BTC, MINUTE);
    expect(rig.of('FRAME_REJECTED')).toMatchObject([{ reason: 'not a JSON object' }]);
    expect(rig.of('FRAME_REJECTED')[0]?.excerpt).toHaveLength(120);
    expect(btc.closes).toEqual([MINUTE]);
    expect(rig.stream.snapshot()).toMatchObject({ rejectedFrames: 1, closes: 1 });
  });
});

describe('running candles', () => {
  it('decodes them only while somebody wants them, but one of each session for its time', () => {
    const rig = new PoolRig();
    const [btc, eth] = [rig.watch('BTCUSDT'), rig.watch('ETHUSDT')];
    rig.advance(100);
    rig.peer.last.kline(BTC, MINUTE, false);
    rig.peer.last.kline(BTC, MINUTE, false);
    expect(rig.eventTimes).toEqual([MINUTE + 250]);
    expect(btc.running).toEqual([]);
    btc.watch?.setRunning(true);
    rig.peer.last.kline(BTC, MINUTE, false);
    rig.peer.last.kline('ethusdt@kline_1m', MINUTE, false);
    expect([btc.running, eth.running]).toEqual([[MINUTE], []]);
    btc.watch?.setRunning(false);
    rig.peer.last.kline(BTC, MINUTE, false);
    expect(btc.running).toEqual([MINUTE]);
    expect(rig.eventTimes).toHaveLength(3);
    expect(rig.stream.snapshot().frames).toBe(5);
  });

  it('goes on with them on the next session', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    btc.watch?.setRunning(true);
    rig.advance(100);
    rig.peer.last.end();
    rig.advance(2000);
    rig.peer.last.kline(BTC, MINUTE, false);
    rig.peer.last.kline(BTC, MINUTE, false);
    expect(btc.running).toContain(MINUTE);
    expect(rig.peer.last.passRunning).toBe(true);
  });
});
