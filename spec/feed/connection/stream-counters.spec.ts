import { describe, expect, it } from 'vitest';
import { MINUTE, PoolRig } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';

describe('what the stream says about itself', () => {
  it('is nothing before anything happened', () => {
    expect(new PoolRig().stream.snapshot()).toEqual({
      connections: 0,
      topics: 0,
      live: 0,
      redundant: 0,
      counts: { framesReceived: 0, framesRejected: 0, framesDecodedInFull: 0 },
      reconnects: {},
      lastDataAt: undefined,
    });
  });

  it('counts klines over all sessions, those that ended included', () => {
    const rig = new PoolRig();
    rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    for (let round = 0; round < 3; round++) {
      rig.advance(2000);
      for (let frame = 0; frame < 10; frame++) rig.peer.last.kline(BTC, MINUTE, frame === 9);
      if (round < 2) rig.peer.last.end();
    }
    rig.advance(1000);
    expect(rig.stream.snapshot()).toMatchObject({ counts: { framesReceived: 30 }, connections: 1, lastDataAt: 7000 });
  });

  it('counts reconnects by their reason, those that nobody needed any more left out', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.last.end();
    rig.advance(5000);
    rig.peer.last.manners.pongs = rig.peer.last.manners.chatter = false;
    rig.advance(15_000);
    btc.watch?.stop();
    rig.advance(1000);
    expect(rig.stream.snapshot().reconnects).toEqual({ 'closed by peer': 1, 'no pong': 1 });
  });
});
