import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PATIENT, expectWhole, rig, statusOf, until } from './rig.ts';

const BTC = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;

describe.concurrent('a connection that is lost', () => {
  it.each([1000, 1001, 1008, 1011, 1012])('by a clean close with code %i costs no candle', async (code) => {
    await using r = await rig();
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    expect(r.exchange.faults.stream.close(code, 'bye')).toBe(1);
    await until(() => r.of('CONNECTED').length === 2);
    await heard.more(2);
    expect(r.of('DISCONNECTED')).toEqual([
      expect.objectContaining({ connection: 1, reason: 'closed by peer', closeCode: code, detail: expect.stringContaining('bye') as string }),
    ]); // prettier-ignore
    expect(r.of('RECONNECTING')).toMatchObject([{ attempt: 1, delayMs: 20, reason: 'closed by peer' }]);
    expect(r.of('CONNECTED').map(({ connection }) => connection)).toEqual([1, 2]);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('by a reset, while closes pass by unheard, gets them all from REST', async () => {
    await using r = await rig({ feed: { reconnect: { initialDelayMs: 2500, jitter: false } } });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    r.exchange.faults.stream.drop();
    await until(() => r.of('CONNECTED').length === 2);
    await heard.more(2);
    expectWhole(heard.candles, r.exchange, BTC);
    expect(heard.candles.filter(({ source }) => source === 'backfill').length).toBeGreaterThanOrEqual(2);
    expect(r.of('GAP_OPENED').length).toBeGreaterThan(0);
    expect(r.of('GAP_FILLED').length).toBeGreaterThan(0);
  });

  it('by serverShutdown is replaced before it ends, without loss, repeat or reconnecting in haste', async () => {
    await using r = await rig({ feed: PATIENT });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    const before = heard.candles.length;
    r.exchange.faults.stream.shutdown(Infinity);
    await until(() => r.of('DISCONNECTED').some(({ connection }) => connection === 1));
    await heard.more(2);
    expect(r.of('DISCONNECTED')[0]?.reason).toBe('server shutdown');
    expect(heard.candles.slice(before).every(({ source }) => source === 'stream')).toBe(true);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('by age is replaced too', async () => {
    await using r = await rig({ feed: { ...PATIENT, rotateAfterMs: 3000 } });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    const before = heard.candles.length;
    await until(() => r.of('DISCONNECTED').length > 0, 'the old connection to be let go');
    await heard.more(2);
    expect(r.of('DISCONNECTED')[0]?.reason).toBe('rotation');
    expect(r.of('RECONNECTING')).toEqual([]);
    expect(heard.candles.slice(before).every(({ source }) => source === 'stream')).toBe(true);
    expectWhole(heard.candles, r.exchange, BTC);
  });
});

describe.concurrent('one connection of two', () => {
  it('that is lost just before each close costs nothing at all', async () => {
    await using r = await rig({ feed: { ...PATIENT, connections: 2 } });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    const isRedundant = () => statusOf(r.feed).redundant === 1;
    await until(isRedundant, 'the second connection');
    const before = heard.candles.length;
    for (let lost = 0; lost < 6; lost++) {
      await until(() => isRedundant() && r.exchange.now() % 1000 > 900, 'a close');
      expect(r.exchange.faults.stream.drop('oldest')).toBe(1);
      await heard.more(1);
    }
    expect(r.of('DISCONNECTED').map(({ line }) => line)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(heard.candles.slice(before).filter(({ source }) => source !== 'stream')).toEqual([]);
    expect([...r.of('GAP_OPENED'), ...r.of('CLOSE_RESCUED')]).toEqual([]);
    expect(r.exchange.stats.klines).toEqual([]);
    expectWhole(heard.candles, r.exchange, BTC);
  });
});

describe.concurrent('a peer that says nothing', () => {
  it('any more is found within ten seconds, and the candles go on meanwhile', async () => {
    await using r = await rig();
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    expect(r.exchange.faults.stream.halfOpen()).toBe(1);
    await until(() => r.of('DISCONNECTED').length === 1, 'the dead peer to be found', 10_000);
    // Whichever shows first: pings that nobody answers, or closes that REST has and the stream did not bring.
    expect(r.of('DISCONNECTED')[0]?.reason).toMatch(/^(no pong|silent series)$/);
    await heard.fromStream();
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('on a quiet market, behind live pings, is left alone', async () => {
    // At noon, as no day ends meanwhile.
    const exchange = { updatesPerSecond: 0, startAt: Date.UTC(2026, 10, 22, 12) };
    await using r = await rig({ venue: 'binance-usdm', exchange });
    const heard = r.listen('BTCUSDT', '1d');
    await until(() => r.of('CONNECTED').length === 1);
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect(r.events.map(({ type }) => type)).toEqual(['CONNECTED']);
    expect(heard.error).toBeUndefined();
  });

  it('to the handshake is given up after ten seconds, and asked again', async () => {
    await using r = await rig();
    r.exchange.faults.stream.delayHandshake(60_000, { next: 1 });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    expect(r.of('RECONNECTING')).toMatchObject([{ attempt: 1, reason: 'refused' }]);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('but accepts TCP leaves the candles to REST', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket.resume()));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    await using r = await rig({ streamUrl: `ws://127.0.0.1:${(mute.address() as AddressInfo).port}` });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.count(3);
    expectWhole(heard.candles, r.exchange, BTC);
    expect(heard.candles.map(({ source }) => source)).toEqual(heard.candles.map(() => 'backfill'));
    await r.feed.close();
    await until(() => sockets.every(({ closed }) => closed), 'the socket to be let go');
    mute.close();
  });
});

describe.concurrent('a request that is not heard', () => {
  it.each(['swallowed', 'rejected'])('because it was %s ends with a new connection and all candles', async (how) => {
    await using r = await rig();
    const { stream } = r.exchange.faults;
    if (how === 'swallowed') stream.swallowAcks({ next: 1 });
    else stream.rejectRequests(2, 'Invalid request', { next: 1 });
    const heard = r.listen('BTCUSDT', '1s');
    await until(() => r.of('CONNECTED').length === 2, 'a second connection');
    await heard.more(2);
    expectWhole(heard.candles, r.exchange, BTC);
  });
});
