import { describe, expect, it } from 'vitest';
import { MINUTE, PoolRig, type Told } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';
const ETH = 'ethusdt@kline_1m';

describe('subscribing', () => {
  it('opens nothing before the first watch', () => {
    const rig = new PoolRig();
    rig.advance(10_000);
    expect(rig.peer.sessions).toHaveLength(0);
  });

  it('tells a listener once its topic is acknowledged, and each close of it', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(15);
    expect(btc.story).toEqual([]);
    rig.advance(85);
    rig.peer.close(BTC, MINUTE);
    rig.peer.close(BTC, 2 * MINUTE);
    expect(btc.story).toEqual(['live 20']);
    expect(btc.closes).toEqual([MINUTE, 2 * MINUTE]);
    expect(rig.peer.urls).toEqual(['wss://example.test/market/stream']);
    expect(rig.of('CONNECTED')).toMatchObject([{ connection: 1, url: 'wss://example.test/market/stream' }]);
  });

  it('asks for everything wanted at once in one request, and for what comes later in another', () => {
    const rig = new PoolRig();
    rig.watch('BTCUSDT');
    rig.watch('ETHUSDT');
    rig.advance(100);
    rig.watch('SOLUSDT');
    rig.watch('XRPUSDT');
    rig.advance(100);
    expect(rig.peer.last.requests.map(({ method, params }) => [method, ...params])).toEqual([
      ['SUBSCRIBE', BTC, ETH],
      ['SUBSCRIBE', 'solusdt@kline_1m', 'xrpusdt@kline_1m'],
    ]);
    expect(rig.stream.snapshot()).toMatchObject({ connections: 1, topics: 4, live: 4 });
  });

  it('tells a late subscriber of a live topic that it is live, without another request', () => {
    const rig = new PoolRig();
    rig.watch('BTCUSDT');
    rig.advance(100);
    const second = rig.watch('BTCUSDT');
    rig.advance(100);
    rig.peer.close(BTC, MINUTE);
    expect(second).toMatchObject({ story: ['live 100'], closes: [MINUTE] });
    expect(rig.peer.last.requests).toHaveLength(1);
  });

  it('unsubscribes a topic when its last listener leaves', () => {
    const rig = new PoolRig();
    const [one, two] = [rig.watch('BTCUSDT'), rig.watch('BTCUSDT')];
    rig.watch('ETHUSDT');
    rig.advance(100);
    one.watch?.stop();
    rig.advance(100);
    expect(rig.peer.last.requests).toHaveLength(1);
    two.watch?.stop();
    two.watch?.stop();
    rig.advance(100);
    expect(rig.peer.last.requests.at(-1)).toMatchObject({ method: 'UNSUBSCRIBE', params: [BTC] });
    rig.peer.last.kline(BTC, MINUTE, true);
    expect([one.closes, two.closes]).toEqual([[], []]);
    expect(rig.of('FRAME_REJECTED')).toEqual([]);
  });

  it('closes a connection that nobody needs within a second', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(100);
    btc.watch?.stop();
    rig.advance(1000);
    expect(rig.peer.open).toHaveLength(0);
    expect(rig.reasons()).toEqual(['no longer needed']);
    expect(rig.stream.snapshot()).toMatchObject({ connections: 0, topics: 0 });
  });

  it('uses the connection that was just left for who comes at once', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(100);
    btc.watch?.stop();
    const again = rig.watch('BTCUSDT');
    const eth = rig.watch('ETHUSDT');
    rig.advance(2000);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.peer.open).toHaveLength(1);
    expect([again.isLive, eth.isLive]).toEqual([true, true]);
  });

  it('fills the holes of a connection and leaves the others as they are', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(450);
    rig.advance(1000);
    for (const { watch } of told.slice(0, 100)) watch?.stop();
    rig.advance(1000);
    const late = Array.from({ length: 100 }, (_, index) => rig.watch(`T${String(index)}USDT`));
    rig.advance(1000);
    expect(late.every(({ isLive }) => isLive)).toBe(true);
    expect(rig.peer.sessions.map(({ topics, requests }) => [topics.size, requests.length])).toEqual([
      [200, 3],
      [200, 1],
      [50, 1],
    ]);
    expect(told.slice(100).every(({ story }) => story.length === 1)).toBe(true);
  });

  it('opens forty connections at once for 8,000 series', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(8000);
    rig.advance(1000);
    expect(told.every(({ isLive }) => isLive)).toBe(true);
    expect(rig.peer.sessions.map(({ topics }) => topics.size)).toEqual(Array.from({ length: 40 }, () => 200));
  });

  it('abandons a handshake when everybody has left meanwhile', () => {
    const rig = new PoolRig();
    rig.peer.manners.openMs = 1000;
    const told = rig.watchMany(10);
    rig.advance(500);
    for (const { watch } of told) watch?.stop();
    rig.advance(10_000);
    expect(rig.of('CONNECTED')).toEqual([]);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.clock.actions.filter((action) => !action.closed)).toEqual([]);
  });

  it('makes no second connection and no timer outlive close()', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(300);
    rig.advance(1000);
    rig.stream.close();
    rig.advance(10 * MINUTE);
    expect(rig.peer.open).toHaveLength(0);
    expect(rig.peer.sessions).toHaveLength(2);
    expect(told[0]?.story).toEqual(['live 20']);
    expect(rig.clock.actions.filter((action) => !action.closed)).toEqual([]);
  });
});

describe('reconnecting', () => {
  it('comes back after a drop, tells everything anew, and says lost and live', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.last.end(1006);
    rig.advance(5000);
    rig.peer.close(BTC, MINUTE);
    expect(btc.story).toEqual(['live 20', 'lost 5000', 'live 6020']);
    expect(btc.closes).toEqual([MINUTE]);
    expect(rig.of('RECONNECTING')).toMatchObject([{ attempt: 1, delayMs: 1000, reason: 'closed by peer' }]);
    expect(rig.of('DISCONNECTED')).toMatchObject([{ connection: 1, reason: 'closed by peer', closeCode: 1006 }]);
  });

  it('brings along who comes while it waits', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.last.end();
    rig.advance(100);
    const eth = rig.watch('ETHUSDT');
    rig.advance(2000);
    expect([btc.isLive, eth.isLive]).toEqual([true, true]);
    expect(rig.peer.sessions).toHaveLength(2);
  });

  it('does not keep a new series waiting while another connection has room', () => {
    const rig = new PoolRig();
    const many = rig.watchMany(201);
    rig.advance(5000);
    many[0]?.watch?.stop();
    rig.peer.sessions[0]?.end();
    rig.advance(100);
    const late = rig.watch('BTCUSDT');
    rig.advance(100);
    expect([many[1]?.isLive, late.isLive]).toEqual([false, true]);
  });

  it.each([
    ['the stream is closed', (rig: PoolRig) => rig.stream.close()],
    ['the last listener leaves', (_rig: PoolRig, told: Told) => told.watch?.stop()],
  ])('does not come back once %s', (_title, leave) => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    rig.peer.last.end();
    leave(rig, btc);
    rig.advance(MINUTE);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.clock.actions.filter((action) => !action.closed)).toEqual([]);
  });
});
