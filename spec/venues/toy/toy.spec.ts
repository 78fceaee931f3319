import { expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import type { EventOf, EventType, FeedEvent } from '../../../src/core/events.ts';
import type { FeedSettings } from '../../../src/core/settings.ts';
import { feedOf } from '../../../src/create-feed.ts';
import { EventBus } from '../../../src/feed/event-bus.ts';
import { until } from '../../support/until.ts';
import { connectorContract } from '../connector.contract.ts';
import { toySamples } from './samples.ts';
import { ToyServer } from './server.ts';
import { toy } from './toy.ts';

connectorContract(toySamples);

const withoutSource = ({ source: _, ...rest }: Candle): Omit<Candle, 'source'> => rest;

async function rig(settings: FeedSettings = {}) {
  const server = await ToyServer.start();
  const bus = new EventBus();
  const events: FeedEvent[] = [];
  bus.events$.subscribe((event) => events.push(event));
  const quick = { initialDelayMs: 20, jitter: false };
  const feed = feedOf(toy, { endpoints: server.endpoints, logLevel: 'silent', reconnect: quick, ...settings }, bus);
  const listen = (symbol: string, history = 0) => {
    const [candles, errors]: [Candle[], unknown[]] = [[], []];
    feed.closedCandles$(symbol, '1s', { history }).subscribe({
      next: (candle) => candles.push(candle),
      error: (error: unknown) => errors.push(error),
    });
    return { candles, errors };
  };
  return {
    server,
    feed,
    listen,
    of: <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
    async [Symbol.asyncDispose]() {
      await feed.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Each once, in order, none missing between them, and as the server has it. */
function expectWhole(candles: readonly Candle[], server: ToyServer): void {
  const first = candles[0]?.timestamp ?? 0;
  const { symbol = '' } = candles[0] ?? {};
  const expected = candles.map((_, index) => server.candleAt(symbol, '1s', first + index * 1000));
  expect(candles.map(withoutSource)).toEqual(expected.map((candle) => withoutSource(candle ?? expect.fail())));
}

it('delivers two series over one connection, with the past before and a cut between', async () => {
  await using r = await rig();
  const [btc, eth] = [r.listen('btc/usd', 250), r.listen('ETH-USD')];
  await until(() => btc.candles.at(-1)?.source === 'stream' && eth.candles.at(-1)?.source === 'stream', 'both live');
  r.server.drop();
  const [had, ethHad] = [btc.candles.length, eth.candles.length];
  await until(() => btc.candles.length >= had + 3 && eth.candles.length >= ethHad + 3, 'three more of each');
  expectWhole(btc.candles, r.server);
  expectWhole(eth.candles, r.server);
  expect(btc.candles.filter(({ source }) => source === 'history')).toHaveLength(250);
  expect([r.server.connections, btc.errors, eth.errors]).toEqual([2, [], []]);
  expect(r.of('CANDLE_MISSING').concat()).toEqual([]);
});

it('is kept alive by words', async () => {
  await using r = await rig();
  r.listen('BTC-USD');
  await until(() => r.server.pings >= 2, 'two pings');
  expect(r.server.connections).toBe(1);
});

it('refuses one topic, which costs neither the connection nor that series its candles', async () => {
  await using r = await rig();
  const btc = r.listen('BTC-USD');
  const off = r.listen('OFF-USD');
  await until(() => btc.candles.length >= 3 && off.candles.length >= 2, 'candles of both', 60_000);
  await until(() => btc.candles.at(-1)?.source === 'stream', 'a close of the other topic');
  expect(r.server.connections).toBe(1);
  expect(r.of('FRAME_REJECTED').map(({ reason }) => reason)).toContain('refused OFF-USD/1s: not streamed');
  expect(new Set(off.candles.map(({ source }) => source))).toEqual(new Set(['backfill']));
  expectWhole(off.candles, r.server);
  expectWhole(btc.candles, r.server);
});

it('answers 200 with an error inside, which is waited out', async () => {
  await using r = await rig();
  r.server.refusals.push({ ok: false, code: 'limit', waitMs: 300 });
  const { candles, errors } = r.listen('BTC-USD', 2);
  await until(() => candles.length >= 3 || errors.length > 0, 'the past and a close');
  expect(errors).toEqual([]);
  expectWhole(candles, r.server);
});

it('lists its symbols over several pages', async () => {
  await using r = await rig();
  expect((await r.feed.symbols()).map(({ symbol }) => symbol)).toEqual(['BTC-USD', 'ETH-USD', 'OFF-USD']);
});

it('has no test network, and says so', async () => {
  const bus = new EventBus();
  expect(() => feedOf(toy, { testnet: true }, bus)).toThrow(ConfigError);
  expect(() => feedOf(toy, { testnet: true }, bus)).toThrow('testnet: toy has no test network');
});

it('needs one read of the last row before a past span ends, for the row says that it is final', async () => {
  await using r = await rig();
  const to = Math.floor(r.server.now() / 1000) * 1000;
  const got: Candle[] = [];
  let completed = false;
  r.feed.history$('BTC-USD', '1s', { from: to - 10_000, to }).subscribe({
    next: (candle) => got.push(candle),
    complete: () => (completed = true),
  });
  await until(() => completed, 'the end of the span');
  expect(got).toHaveLength(10);
  expectWhole(got, r.server);
  expect(r.server.paths.filter((path) => path === '/v1/candles')).toHaveLength(1);
});
