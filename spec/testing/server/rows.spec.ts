import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTimeAt } from '../../../src/core/interval.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { get, rows, type RestRow } from '../../support/fake-client.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12, 34, 20);
const THIS_MINUTE = NOW - 20_000;
let exchange: FakeExchange;

beforeAll(async () => {
  // Its clock stands still: no candle ends between two questions.
  exchange = await startFakeExchange({ startAt: NOW, weightLimit: 1e6, driftPpm: -1_000_000 });
});
afterAll(() => exchange.close());

const um = (query: string): Promise<readonly RestRow[]> =>
  rows(exchange, `/fapi/v1/klines?symbol=BTCUSDT&interval=1m&${query}`);
const cm = (query: string): Promise<readonly RestRow[]> =>
  rows(exchange, `/dapi/v1/klines?symbol=BTCUSD_PERP&interval=1m&${query}`);
const opens = (list: readonly RestRow[]): number[] => list.map(([openTime]) => openTime);
const span = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i * MINUTE);

it('answers the newest rows in rising order, the running candle last', async () => {
  const list = await um('limit=3');
  expect(opens(list)).toEqual(span(THIS_MINUTE - 2 * MINUTE, 3));
  expect(list[2]?.[6]).toBe(THIS_MINUTE + MINUTE - 1);
  expect(list[0]).toHaveLength(12);
});

it('answers 500 rows where no limit is given', async () => {
  expect(await um('')).toHaveLength(500);
});

it.each([
  ['both ends are inclusive', 0, 2 * MINUTE, 3],
  ['one millisecond less leaves the last one out', 0, 2 * MINUTE - 1, 2],
  ['a start within a candle begins with the next', 1, 2 * MINUTE, 2],
])('filters on open time: %s', async (_, start, end, count) => {
  const base = THIS_MINUTE - DAY;
  const list = await um(`startTime=${String(base + start)}&endTime=${String(base + end)}`);
  expect(opens(list)).toEqual(span(start === 0 ? base : base + MINUTE, count));
});

it('answers an empty list for a window without candles', async () => {
  expect(await um(`startTime=${String(NOW + DAY)}`)).toEqual([]);
  expect(await um('startTime=1764072000000000')).toEqual([]);
  expect(await um(`startTime=0&endTime=${String(Date.UTC(2018, 0, 1))}`)).toEqual([]);
});

it('finds the first candle of all from the epoch on', async () => {
  const [first] = await um('startTime=0&limit=1');
  expect(new Date(first?.[0] ?? 0).toISOString()).toMatch(/^2020-01-0[1-3]T08:00:00.000Z$/);
});

it('pages forward from the start on USDⓈ-M and backward from the end on COIN-M', async () => {
  const [from, to] = [THIS_MINUTE - 100 * MINUTE, THIS_MINUTE - MINUTE];
  const window = `startTime=${String(from)}&endTime=${String(to)}&limit=10`;
  expect(opens(await um(window))).toEqual(span(from, 10));
  expect(opens(await cm(window))).toEqual(span(to - 9 * MINUTE, 10));
});

it('reads a lone start on COIN-M as the 200 days after it, newest rows', async () => {
  const start = openTimeAt(NOW, '1m') - 300 * DAY;
  expect(opens(await cm(`startTime=${String(start)}&limit=2`))).toEqual(span(start + 200 * DAY - MINUTE, 2));
});

it.each([
  ['/fapi/v1/klines?symbol=NOPE&interval=1m', -1121],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=1s', -1120],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=7m', -1120],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501', -1130],
  ['/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1001', -1130],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=0', -1130],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=abc', -1100],
  ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=x', -1100],
  ['/fapi/v1/klines?interval=1m', -1102],
  [`/dapi/v1/klines?symbol=BTCUSD_PERP&interval=1m&startTime=0&endTime=${String(NOW)}`, -1130],
])('refuses %s with %i', async (path, code) => {
  expect(await get(exchange, path)).toMatchObject({ status: 400, json: { code } });
});

it('understands a lower-case symbol, and one that is not ASCII', async () => {
  expect(await rows(exchange, '/fapi/v1/klines?symbol=btcusdt&interval=1m&limit=2')).toHaveLength(2);
  expect(
    await rows(exchange, `/fapi/v1/klines?symbol=${encodeURIComponent('币安人生USDT')}&interval=1m&limit=2`),
  ).toHaveLength(2);
});

describe('the truth', () => {
  it.each(['1s', '1m', '15m', '4h', '1d', '3d', '1w', '1M'] as const)('is what REST serves, %s', async (interval) => {
    const series = { venue: 'binance-spot', symbol: 'ETHUSDT', interval } as const;
    const closed = (await rows(exchange, `/api/v3/klines?symbol=ETHUSDT&interval=${interval}&limit=20`)).slice(0, -1);
    const truth = exchange.candles(series, closed[0]?.[0] ?? 0, exchange.openTimeNow(series));
    expect(
      truth.map((c) => [c.timestamp, c.open, c.high, c.low, c.close, c.volume, c.closeTime, c.quoteVolume, c.trades]),
    ).toEqual(closed.map((row) => row.slice(0, 9).map(Number)));
    expect(truth).toHaveLength(19);
  });

  it('joins 1m candles to the 5m candle', () => {
    const from = openTimeAt(NOW, '5m') - 5 * MINUTE;
    const minutes = exchange.candles({ symbol: 'ETHUSDT', interval: '1m' }, from, from + 5 * MINUTE);
    const five = exchange.candleAt({ symbol: 'ETHUSDT', interval: '5m' }, from);
    expect(minutes).toHaveLength(5);
    expect(five).toMatchObject({
      open: minutes[0]?.open,
      close: minutes[4]?.close,
      high: Math.max(...minutes.map((c) => c.high)),
      low: Math.min(...minutes.map((c) => c.low)),
      trades: minutes.reduce((sum, c) => sum + (c.trades ?? 0), 0),
    });
    expect(five?.volume).toBeCloseTo(
      minutes.reduce((sum, c) => sum + c.volume, 0),
      6,
    );
  });
});
