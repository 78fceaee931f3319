import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { binanceStream } from '../../../src/venues/binance/stream.ts';
import { PoolRig, MINUTE } from '../../support/pool-rig.ts';

/** Most entries of `times` in any window of `windowMs`. */
function mostWithin(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length));
}

describe('what a session is told', () => {
  it('subscribes 2,700 series from cold within 2 s and within every limit', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(2700);
    rig.advance(2000);
    expect(told.every(({ isLive }) => isLive)).toBe(true);
    expect(rig.peer.sessions).toHaveLength(14);
    expect(Math.max(...rig.peer.sessions.map(({ topics }) => topics.size))).toBeLessThanOrEqual(200);
    expect(rig.peer.sessions.flatMap(({ requests }) => requests)).toHaveLength(14);
  });

  it('has all of them again within 5 s after every connection is cut', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(2700);
    rig.advance(MINUTE);
    for (const session of rig.peer.open) session.end();
    expect(told.some(({ isLive }) => isLive)).toBe(false);
    rig.advance(5000);
    expect(told.every(({ isLive }) => isLive)).toBe(true);
  });

  it('never sends faster than the venue allows, and ends with exactly what is wanted', () => {
    const step = fc.record({ symbol: fc.nat(15), waitMs: fc.constantFrom(0, 1, 6, 40, 400) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.boolean(), (steps, quiet) => {
        const rig = new PoolRig({ protocol: binanceSpot.stream, silenceMs: Infinity });
        rig.peer.manners.chatter = !quiet;
        rig.watch('ANCHOR');
        rig.advance(50);
        const watches = new Map<number, ReturnType<PoolRig['watch']>>();
        for (const { symbol, waitMs } of steps) {
          const old = watches.get(symbol);
          if (old === undefined) watches.set(symbol, rig.watch(`S${symbol}`));
          else old.watch?.stop();
          if (old !== undefined) watches.delete(symbol);
          rig.advance(waitMs);
        }
        rig.advance(30_000);
        expect(mostWithin(rig.peer.last.sentAt, 1000)).toBeLessThanOrEqual(4);
        const wanted = ['anchor@kline_1m', ...[...watches.keys()].map((symbol) => `s${symbol}@kline_1m`)];
        expect([...rig.peer.last.topics].sort()).toEqual(wanted.sort());
        expect([...watches.values()].every(({ isLive }) => isLive)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('names no more topics in a request than the venue allows, and sends the requests in one burst', () => {
    const protocol = binanceStream('binance-usdm', {
      topicsPerConnection: 200,
      topicsPerRequest: 3,
      messagesPerSecond: 5,
    });
    const rig = new PoolRig({ protocol });
    const told = rig.watchMany(10);
    rig.advance(3000);
    for (const { watch } of told.slice(1)) watch?.stop();
    rig.advance(2000);
    const sizes = rig.peer.last.requests.map(({ params }) => params.length);
    expect(sizes).toEqual([3, 3, 3, 1, 3, 3, 3]);
    expect(new Set(rig.peer.last.sentAt).size).toBe(2);
  });

  it('makes room on a full connection before it asks for more', () => {
    const rig = new PoolRig();
    const told = rig.watchMany(200);
    rig.advance(3000);
    for (const { watch } of told) watch?.stop();
    for (let index = 0; index < 200; index++) rig.watch(`T${String(index)}USDT`);
    rig.advance(2000);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(rig.peer.last.requests.map(({ method }) => method)).toEqual(['SUBSCRIBE', 'UNSUBSCRIBE', 'SUBSCRIBE']);
  });

  it.each([
    ['waits behind requests', 3950],
    ['makes requests wait', 4001],
  ])('counts a ping as a message: it %s', (_title, from) => {
    const rig = new PoolRig({ protocol: binanceSpot.stream });
    rig.peer.manners.chatter = false;
    rig.watch('BTCUSDT');
    rig.advance(from);
    rig.peer.last.manners.ackMs = Infinity;
    for (const symbol of ['A', 'B', 'C', 'D', 'E']) {
      rig.watch(symbol);
      rig.advance(8);
    }
    rig.advance(9000 - from - 40);
    expect(rig.peer.last.pings).toBeGreaterThan(0);
    expect(mostWithin(rig.peer.last.sentAt, 1000)).toBe(4);
  });

  it('survives thousands who come and go at once, with exactly what is wanted in the end', () => {
    const rig = new PoolRig();
    let told = rig.watchMany(450);
    for (let round = 0; round < 20; round++) {
      for (const { watch } of told) watch?.stop();
      told = rig.watchMany(450);
      rig.advance(round % 3);
    }
    rig.advance(5000);
    expect(told.every(({ isLive }) => isLive)).toBe(true);
    expect(rig.peer.sessions).toHaveLength(3);
    expect(rig.peer.sessions.reduce((sum, { topics }) => sum + topics.size, 0)).toBe(450);
    for (const { sentAt } of rig.peer.sessions) expect(mostWithin(sentAt, 1000)).toBeLessThanOrEqual(5);
  });

  it('does not take the answer to an older request for that to a newer one', () => {
    const rig = new PoolRig();
    rig.watch('ETHUSDT');
    rig.advance(2000);
    rig.peer.last.manners.ackMs = 500;
    const first = rig.watch('BTCUSDT');
    rig.advance(100);
    first.watch?.stop();
    rig.advance(100);
    const second = rig.watch('BTCUSDT');
    rig.advance(400);
    expect(second.story).toEqual([]);
    rig.advance(400);
    expect(second.story).toEqual(['live 2705']);
  });

  it('understands a refusal without an id as that of its oldest request', () => {
    const rig = new PoolRig();
    rig.peer.manners.ackMs = Infinity;
    rig.watch('BTCUSDT');
    rig.advance(100);
    rig.peer.last.say('{"code":3,"msg":"Invalid JSON"}');
    expect(rig.of('RECONNECTING')).toMatchObject([{ reason: 'rejected', detail: '3: Invalid JSON' }]);
  });

  it('loses a topic alone, not the connection, where a refusal says that it is of the topics', () => {
    const { stream } = binanceSpot;
    const decode: typeof stream.decode = (frame) =>
      stream.decode(frame).map((one) => (one.kind === 'rejected' ? { ...one, scope: 'topics' } : one));
    const rig = new PoolRig({ protocol: { ...stream, decode } });
    rig.peer.manners.reject = 'no such thing';
    const told = rig.watch('BTCUSDT');
    rig.advance(2000);
    expect([rig.peer.sessions.length, rig.peer.last.requests.length, told.isLive]).toEqual([1, 1, false]);
    expect(rig.of('FRAME_REJECTED')).toMatchObject([{ reason: 'refused request 1: 2: no such thing' }]);
  });

  it('asks again for a refused topic, alone and after growing pauses, until it has it', () => {
    const { stream } = binanceSpot;
    const decode: typeof stream.decode = (frame) =>
      stream.decode(frame).map((one) => (one.kind === 'rejected' ? { ...one, scope: 'topics' } : one));
    const rig = new PoolRig({ protocol: { ...stream, decode }, silenceMs: Infinity });
    rig.peer.manners.reject = 'not now';
    const told = [rig.watch('BTCUSDT'), rig.watch('ETHUSDT')];
    const asked = () => rig.peer.last.requests.map(({ params }) => params);
    const [btc, eth] = ['btcusdt@kline_1m', 'ethusdt@kline_1m'];
    rig.advance(29_000);
    expect(asked()).toEqual([[btc, eth]]);
    rig.advance(2000);
    expect(asked()).toEqual([[btc, eth], [btc], [eth]]);
    rig.advance(58_000);
    expect(asked()).toHaveLength(3);
    told[1]?.watch?.stop();
    rig.peer.manners.reject = undefined;
    rig.peer.last.manners.reject = undefined;
    rig.advance(4000);
    expect(asked().slice(3)).toEqual([[eth], [btc]]);
    expect([rig.peer.sessions.length, told[0]?.isLive]).toEqual([1, true]);
  });

  it('tells the venue the exchange’s time with each request', () => {
    const { stream } = binanceSpot;
    const times: number[] = [];
    const requests: typeof stream.requests = (verb, topics, sending) => {
      if (topics.length > 0) times.push(sending.now);
      return stream.requests(verb, topics, sending);
    };
    const rig = new PoolRig({ protocol: { ...stream, requests }, exchangeNow: () => 1_700_000_000_000 });
    rig.watch('BTCUSDT');
    rig.advance(2000);
    expect(times).toEqual([1_700_000_000_000]);
  });
});
