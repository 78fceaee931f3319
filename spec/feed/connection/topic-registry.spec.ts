import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../../src/core/defaults.ts';
import { SessionError } from '../../../src/ports/session.ts';
import { MINUTE, PoolRig, type Told } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';

/** Makes a listener do something more when it is told of a close. */
function onClose(told: Told, work: () => void): void {
  const { onClosed } = told;
  told.onClosed = (candle) => {
    onClosed.call(told, candle);
    work();
  };
}

describe('listeners of one topic', () => {
  it('are told in the order of their coming, each close once', () => {
    const rig = new PoolRig();
    const order: string[] = [];
    for (const name of ['one', 'two', 'three']) onClose(rig.watch('BTCUSDT'), () => order.push(name));
    rig.advance(100);
    rig.peer.close(BTC, MINUTE);
    expect(order).toEqual(['one', 'two', 'three']);
  });

  it('may leave, or make others leave and join, while they are told', () => {
    const rig = new PoolRig();
    const [one, two, three] = [rig.watch('BTCUSDT'), rig.watch('BTCUSDT'), rig.watch('BTCUSDT')];
    let joined: Told | undefined;
    rig.advance(100);
    onClose(one, () => {
      one.watch?.stop();
      two.watch?.stop();
      joined ??= rig.watch('BTCUSDT');
    });
    rig.peer.close(BTC, MINUTE);
    rig.advance(100);
    rig.peer.close(BTC, 2 * MINUTE);
    expect([one.closes, two.closes]).toEqual([[MINUTE], []]);
    expect(three.closes).toEqual([MINUTE, 2 * MINUTE]);
    expect(joined).toMatchObject({ closes: [2 * MINUTE], isLive: true });
  });

  it('may ask anew for what has just failed', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, jitter: false, maxRetries: 1 } });
    rig.peer.manners.refuse = new SessionError('refused', 'no');
    const btc = rig.watch('BTCUSDT');
    let again: Told | undefined;
    btc.onError = () => {
      rig.peer.manners.refuse = undefined;
      again = rig.watch('BTCUSDT');
    };
    rig.advance(5000);
    rig.peer.close(BTC, MINUTE);
    expect(again).toMatchObject({ closes: [MINUTE], isLive: true });
    btc.watch?.stop();
    rig.advance(5000);
    expect(rig.stream.snapshot()).toMatchObject({ topics: 1, live: 1 });
  });

  it('get their closes whatever the case of the symbol they asked for', () => {
    const rig = new PoolRig();
    const btc = rig.watch('btcusdt');
    rig.advance(100);
    rig.peer.close(BTC, MINUTE);
    expect(btc.closes).toEqual([MINUTE]);
  });
});
