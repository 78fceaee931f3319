import { describe, expect, it } from 'vitest';
import { klineFrame } from '../../support/fake-sessions.ts';
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
    expect(rig.stream.snapshot()).toMatchObject({ counts: { framesRejected: 1 } });
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
    expect(rig.stream.snapshot().counts.framesReceived).toBe(5);
  });

  it('counts those that came undecided by their bytes and unasked for, and shows the first', () => {
    const shown: string[] = [];
    const rig = new PoolRig({ onDecodedInFull: (frame) => shown.push(frame) });
    const btc = rig.watch('BTCUSDT');
    const unproved = (minute: number): string => klineFrame(BTC, minute * MINUTE, false);
    const counted = (): number => rig.stream.snapshot().counts.framesDecodedInFull;
    rig.advance(100);
    // The first of a session is asked for, for its time; then those of somebody who wants them are.
    rig.peer.last.say(unproved(1));
    btc.watch?.setRunning(true);
    rig.peer.last.say(unproved(2));
    btc.watch?.setRunning(false);
    rig.peer.close(BTC, 2 * MINUTE);
    expect([counted(), shown]).toEqual([0, []]);
    for (const minute of [3, 4]) rig.peer.last.say(unproved(minute));
    rig.peer.last.end();
    rig.advance(2000);
    for (const minute of [5, 6]) rig.peer.last.say(unproved(minute));
    expect([counted(), shown]).toEqual([3, [unproved(3)]]);
    expect(btc.running).toEqual([2 * MINUTE]);
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
