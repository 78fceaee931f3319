import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startFakeExchange } from '../../src/testing/index.ts';
import { connect, get } from '../support/fake-client.ts';
import { until } from '../support/until.ts';

const RECORDING = '../shared/data/frames/usdm-2021-07-22.kline+aggTrade.jsonl';

it('names its endpoints as a feed wants them', async () => {
  await using exchange = await startFakeExchange();
  expect(exchange.endpoints()).toEqual(exchange.endpoints('binance-usdm'));
  expect(exchange.endpoints('binance-usdm').stream).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/usdm\/market$/);
  expect(exchange.endpoints('binance-coinm').stream).toMatch(/\/coinm\/market$/);
  expect(exchange.endpoints('binance-spot').stream).toMatch(/\/spot$/);
  expect(exchange.endpoints('binance-spot').rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

it('has the same candles for the same seed', async () => {
  await using one = await startFakeExchange({ seed: 4 });
  await using same = await startFakeExchange({ seed: 4 });
  await using other = await startFakeExchange({ seed: 5 });
  const at = Date.UTC(2026, 5, 1);
  const [a, b, c] = [one, same, other].map((exchange) => exchange.candleAt({ symbol: 'BTCUSDT', interval: '1h' }, at));
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
});

it('starts at the time it is told, or as far off as it is told', async () => {
  const begun = performance.now();
  await using recorded = await startFakeExchange({ startAt: Date.UTC(2021, 6, 22) });
  await using ahead = await startFakeExchange({ clockOffsetMs: 5000 });
  const passed = recorded.now() - Date.UTC(2021, 6, 22);
  expect(passed).toBeGreaterThanOrEqual(0);
  expect(passed).toBeLessThanOrEqual(performance.now() - begun);
  const [earliest, shown, latest] = [Date.now(), ahead.now() - 5000, Date.now()];
  // Two clocks of whole milliseconds, one of which may be set a little on the way.
  expect(shown).toBeGreaterThanOrEqual(earliest - 20);
  expect(shown).toBeLessThanOrEqual(latest + 20);
});

it('says which candle runs now, for each interval', async () => {
  await using exchange = await startFakeExchange({ startAt: Date.UTC(2026, 10, 22, 12, 34, 20) });
  expect(exchange.openTimeNow({ symbol: 'BTCUSDT', interval: '5m' })).toBe(Date.UTC(2026, 10, 22, 12, 30));
  expect(exchange.openTimeNow({ symbol: 'BTCUSDT', interval: '1M' })).toBe(Date.UTC(2026, 10, 1));
});

it('says so when a script names a symbol that it does not have', async () => {
  await using exchange = await startFakeExchange();
  expect(() => exchange.candleAt({ symbol: 'NOPE', interval: '1m' }, 0)).toThrow('no symbol NOPE');
});

it('frees its port and its clients when closed, twice is no harm', async () => {
  const exchange = await startFakeExchange({ updatesPerSecond: 20 });
  const client = await connect(exchange, '/stream?streams=btcusdt@kline_1s');
  exchange.faults.rest.hang();
  const hanging = get(exchange, '/api/v3/time');
  hanging.catch(() => undefined);
  exchange.faults.stream.refuseTcp(50);
  await Promise.all([exchange.close(), exchange.close()]);
  expect(await client.closed).toMatchObject({ code: 1006 });
  await expect(hanging).rejects.toThrow('fetch failed');
  await expect(connect(exchange)).rejects.toThrow('ECONNREFUSED');
});

it('listens on the port it is told', async () => {
  const first = await startFakeExchange();
  const port = Number(new URL(first.endpoints().rest).port);
  await first.close();
  await using again = await startFakeExchange({ port });
  expect(again.endpoints().rest).toBe(`http://127.0.0.1:${String(port)}`);
  await expect(startFakeExchange({ port })).rejects.toThrow('EADDRINUSE');
});

it('plays frames as they are, once somebody has subscribed, moving its clock on', async () => {
  const startAt = Date.UTC(2021, 6, 22, 22, 26);
  await using exchange = await startFakeExchange({ startAt, publish: false });
  const client = await connect(exchange, '/stream', 'binance-usdm');
  const played = exchange.playFrames(['{"one":1}', { at: startAt + 60_000, data: '{"two":2}' }]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(client.texts).toEqual([]);
  client.send('SUBSCRIBE', ['btcusdt@kline_1m']);
  await played;
  await until(() => client.texts.length === 3);
  expect(client.texts.slice(1)).toEqual(['{"one":1}', '{"two":2}']);
  expect(exchange.now()).toBeGreaterThanOrEqual(startAt + 60_000);
});

it('gives up playing when nobody subscribes', async () => {
  await using exchange = await startFakeExchange();
  await expect(exchange.playFrames(['x'], { withinMs: 20 })).rejects.toThrow('nobody subscribed within 20 ms');
});

it.skipIf(!existsSync(RECORDING))(
  'plays a recorded session byte by byte (skipped where the recording is absent)',
  async () => {
    const frames = readFileSync(RECORDING, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { raw: string }).raw);
    await using exchange = await startFakeExchange({ publish: false });
    const client = await connect(exchange, '/stream?streams=btcusdt@kline_1m', 'binance-usdm');
    await exchange.playFrames(frames);
    await until(() => client.texts.length === frames.length);
    expect(client.texts).toEqual(frames);
  },
);
