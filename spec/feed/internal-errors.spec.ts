import { Observable, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InternalError } from '../../src/core/errors.ts';
import type { ConnectorFeedParts } from '../../src/feed/connector-feed.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { FeedRig } from '../support/feed-rig.ts';

const MINUTE = 60_000;
const BUG = new TypeError('x is not a function');
const broken = (): never => {
  throw BUG;
};

describe('a bug of ours, or a part that cannot be loaded,', () => {
  const uncaught: unknown[] = [];
  const standing = process.listeners('uncaughtException');
  beforeEach(() => {
    uncaught.length = 0;
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
  });
  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of standing) process.on('uncaughtException', listener);
  });
  const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

  const ours = (lastMinute?: number) => ({
    code: 'FEED_INTERNAL',
    cause: BUG,
    lastTimestamp: lastMinute === undefined ? undefined : lastMinute * MINUTE,
  });

  it.each<[string, (rig: FeedRig) => void]>([
    ['the exchange’s clock', ({ market }) => (market.failing.time = BUG)],
    ['the symbol list', ({ market }) => (market.failing.symbols = BUG)],
  ])('in reading %s ends all series, at once', async (_, prepare) => {
    const rig = new FeedRig();
    prepare(rig);
    const [btc, eth] = [rig.watch(), rig.watch('ETHUSDT', { history: 3 })];
    rig.run(1000);
    for (const { seen } of [btc, eth]) {
      expect(seen.error).toBeInstanceOf(InternalError);
      expect(seen.error).toMatchObject(ours());
    }
    rig.run(1000);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it('in a REST request ends the series that needs it, and no other', async () => {
    const rig = new FeedRig();
    const [btc, eth] = [rig.watch(), rig.watch('ETHUSDT')];
    const warm = rig.watch('ETHUSDT', { history: 2 });
    rig.run(2 * MINUTE);
    rig.market.failing.klines = BUG;
    const late = rig.watch('ETHUSDT', { history: 2 });
    rig.unsent.add(1002);
    rig.run(31_000);
    rig.peer.close('ethusdt@kline_1m', 1002 * MINUTE);
    rig.run(5000);
    expect(btc.seen.error).toMatchObject(ours(1001));
    expect(late.seen.error).toMatchObject(ours());
    expect(eth.seen.error).toBeUndefined();
    expect(eth.seen.minutes).toEqual([1000, 1001, 1002]);
    expect(warm.seen.minutes).toEqual([998, 999, 1000, 1001, 1002]);
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it('in a request that cannot even be made reaches who asked for it', async () => {
    const rig = new FeedRig();
    rig.market.klines$ = broken;
    const { seen } = rig.watch('BTCUSDT', { since: 0 });
    rig.run(10_000);
    expect(seen.error).toMatchObject(ours());
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it.each<[string, (options?: { history: number }) => FeedRig, { history: number } | undefined]>([
    ['the grid of 3d', () => new FeedRig(), undefined],
    ['the end of a symbol', () => new FeedRig(), { history: 3 }],
  ])('in the search for %s is not waited out', (what, make, options) => {
    const rig = make(options);
    rig.market.failing.klines = BUG;
    if (options !== undefined) {
      rig.market.symbols = rig.market.symbols.map((info) => ({ ...info, status: 'SETTLING', phase: 'ended' }));
    }
    const { seen } = rig.watch('BTCUSDT', options, what.includes('3d') ? '3d' : '1m');
    rig.run(10_000);
    expect(seen.error).toMatchObject(ours());
  });

  it('in a decoder costs the frame, and is told', async () => {
    let isBroken = true;
    const decode = (frame: Buffer) => (isBroken ? broken() : binanceUsdm.stream.decode(frame));
    const stream = { ...binanceUsdm.stream, decode };
    const rig = new FeedRig({ venue: { ...binanceUsdm, stream } });
    const { seen } = rig.watch();
    rig.run(MINUTE);
    isBroken = false;
    rig.run(2 * MINUTE);
    expect(seen.error).toBeUndefined();
    expect(seen.minutes).toEqual([1000, 1001, 1002]);
    expect(rig.of('FRAME_REJECTED').at(0)?.reason).toBe(`the decoder failed: ${BUG.message}`);
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it.each<[string, Partial<ConnectorFeedParts>]>([
    ['what a connection says', { venue: { ...binanceUsdm, stream: { ...binanceUsdm.stream, requests: broken } } }],
    ['a connection that is opened', { openSession$: broken }],
    ['a connection that cannot be opened', { openSession$: () => throwError(() => BUG) }],
    ['a connection that fails later', { openSession$: () => new Observable((s) => { queueMicrotask(() => s.error(BUG)); }) }], // prettier-ignore
    ['a budget', { restWith: broken }],
  ])('in the handling of %s ends the series', async (_, parts) => {
    let seen: { error: unknown } | undefined;
    try {
      const rig = new FeedRig(parts);
      seen = rig.watch().seen;
      await aMoment();
      rig.run(5000);
    } catch (error) {
      // A feed that cannot be built at all says so where it is built.
      seen = { error: new InternalError(error) };
    }
    expect(seen.error).toMatchObject({ code: 'FEED_INTERNAL', cause: BUG });
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it('in a timer ends the series', async () => {
    let isBroken = false;
    const rig = new FeedRig({ random: () => (isBroken ? broken() : 0.5), rotateAfterMs: 3 * MINUTE });
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    isBroken = true;
    rig.run(2 * MINUTE);
    expect(seen.error).toMatchObject({ code: 'FEED_INTERNAL', cause: BUG });
    await aMoment();
    expect(uncaught).toEqual([]);
  });

  it('is not what a handler of the user throws: RxJS reports that, and the series goes on', async () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.feed.closedCandles$('BTCUSDT', '1m').subscribe({ next: broken });
    rig.bus.on('CANDLE_CLOSED').subscribe(broken);
    rig.feed.status$.subscribe(broken);
    rig.run(2 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001]);
    expect(seen.error).toBeUndefined();
    await aMoment();
    expect(new Set(uncaught)).toEqual(new Set([BUG]));
  });

  it('leaves a feed that serves those who come later', () => {
    const rig = new FeedRig();
    rig.market.failing.time = BUG;
    const first = rig.watch();
    rig.run(1000);
    expect(first.seen.error).toMatchObject(ours());
    rig.market.failing = {};
    const { seen } = rig.watch();
    rig.run(2 * MINUTE);
    expect(seen.minutes).toEqual([1000, 1001]);
  });
});
