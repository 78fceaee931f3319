import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { candlesOf, phaseOf, serverTimeOf, symbolsOf, type Series } from '../../src/venues/binance-rows.ts';

const T = 1_791_382_920_000;
const SERIES: Series = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' };
const ROW: readonly unknown[] = [
  T, '83137.90', '83155.70', '83082.90', '83084.90', '102.437', T + 59_999, '8514292.61220', 4409, '49.832', '4141805.93340', '0',
]; // prettier-ignore

const rowWith = (column: number, value: unknown) => ROW.with(column, value);
const later = (row: readonly unknown[], ms: number) => row.with(0, T + ms).with(6, T + ms + 59_999);

describe('candles of a klines answer', () => {
  it('reads all columns of a row', () => {
    expect(candlesOf([ROW], SERIES)).toEqual({
      ok: true,
      value: [
        {
          venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', timestamp: T, closeTime: T + 59_999,
          open: 83137.9, high: 83155.7, low: 83082.9, close: 83084.9, volume: 102.437, quoteVolume: 8514292.6122,
          trades: 4409, takerBuyVolume: 49.832, takerBuyQuoteVolume: 4141805.9334, source: 'backfill',
        },
      ],
    }); // prettier-ignore
  });

  it.each([
    ['no rows at all', []],
    ['a row of a minute without trades', [ROW.with(5, '0.00000000').with(8, 0)]],
    ['a column more than today', [[...ROW, 'new']]],
    ['a price as small as 1e-8', [ROW.map((value, column) => (column > 0 && column < 5 ? '0.00000001' : value))]],
    ['a hole between rows', [ROW, later(ROW, 180_000)]],
    ['an open time off the grid, as spot had after its outage of 2018', [later(ROW, 1234)]],
  ])('takes %s', (_, body) => {
    expect(candlesOf(body, SERIES)).toMatchObject({ ok: true, value: { length: body.length } });
  });

  it.each<[string, unknown]>([
    ['a text: what ccxt makes of a body that was cut off', '[[1791382920000,"83137.90"'],
    ['an object', { code: -1121, msg: 'Invalid symbol.' }],
    ['null', null],
    ['nothing', undefined],
    ['rows that are no rows', ['row']],
    ['a row cut off', [ROW.slice(0, 11)]],
    ['an open time as text', [rowWith(0, String(T))]],
    ['an open time in microseconds', [rowWith(0, T * 1000).with(6, T * 1000 + 59_999_999)]],
    ['an open time of 0', [rowWith(0, 0)]],
    ['a fraction of an open time', [rowWith(0, T + 0.5)]],
    ['a close time before the open time', [rowWith(6, T - 1)]],
    ['a price that is a number', [rowWith(1, 83137.9)]],
    ['a price of NaN', [rowWith(1, 'NaN')]],
    ['a price of null', [rowWith(2, null)]],
    ['an empty price', [rowWith(3, '')]],
    ['a price in hexadecimal', [rowWith(4, '0x10')]],
    ['a price too large for a double', [rowWith(2, '1e999')]],
    ['a negative volume', [rowWith(5, '-1')]],
    ['a missing quote volume', [rowWith(7, undefined)]],
    ['a trade count as text', [rowWith(8, '4409')]],
    ['half a trade', [rowWith(8, 0.5)]],
    ['a high below the low', [rowWith(2, '1').with(3, '2')]],
    ['the same open time twice', [ROW, ROW]],
    ['falling open times', [later(ROW, 60_000), ROW]],
    ['one bad row among good ones', [ROW, later(rowWith(1, 'x'), 60_000)]],
  ])('refuses the whole answer for %s', (_, body) => {
    expect(candlesOf(body, SERIES)).toEqual({ ok: false, reason: expect.stringMatching(/^klines: /) as string });
  });
});

const RECORDED = '../shared/data/snippets/polyoxide-rest-klines-2026-10-07.json';
it.skipIf(!existsSync(RECORDED))(
  'reads the rows recorded on 2026-10-07 (skipped where the recording is absent)',
  () => {
    const parsed = candlesOf(JSON.parse(readFileSync(RECORDED, 'utf8')), SERIES);
    expect(parsed).toMatchObject({
      ok: true,
      value: [
        { timestamp: T, trades: 4409 },
        { timestamp: T + 60_000, low: 83051.2 },
      ],
    });
  },
);

it.each<[string, unknown, number | undefined]>([
  ['the time', { serverTime: T }, T],
  ['a time of 0', { serverTime: 0 }, undefined],
  ['a negative time', { serverTime: -T }, undefined],
  ['a time in microseconds', { serverTime: T * 1000 }, undefined],
  ['a time as text', { serverTime: String(T) }, undefined],
  ['NaN', { serverTime: NaN }, undefined],
  ['no time', {}, undefined],
  ['a list', [T], undefined],
  ['a text', 'gone', undefined],
])('reads the server time from %s', (_, body, time) => {
  expect(serverTimeOf(body)).toMatchObject(time === undefined ? { ok: false } : { ok: true, value: time });
});

describe('symbols of an exchangeInfo answer', () => {
  const read = (...lines: unknown[]) => symbolsOf({ timezone: 'UTC', symbols: lines });

  it('reads status, phase and delivery of each market', () => {
    const parsed = read(
      { symbol: 'BTCUSDT', status: 'TRADING', deliveryDate: 4_133_404_800_000, contractType: 'PERPETUAL' },
      { symbol: 'BTCUSD_261225', contractStatus: 'TRADING', deliveryDate: 1_798_185_600_000 },
      { symbol: '币安人生USDT', status: 'SETTLING', deliveryDate: 1_790_000_000_000 },
      { symbol: 'ETHBTC', status: 'BREAK' },
    );
    expect(parsed).toEqual({
      ok: true,
      value: [
        { symbol: 'BTCUSDT', status: 'TRADING', phase: 'trading', deliveryTime: null },
        { symbol: 'BTCUSD_261225', status: 'TRADING', phase: 'trading', deliveryTime: 1_798_185_600_000 },
        { symbol: '币安人生USDT', status: 'SETTLING', phase: 'ended', deliveryTime: 1_790_000_000_000 },
        { symbol: 'ETHBTC', status: 'BREAK', phase: 'paused or ended', deliveryTime: null },
      ],
    });
  });

  it('leaves out lines that cannot be read', () => {
    const parsed = read(
      null,
      'BTCUSDT',
      { symbol: 'A' },
      { symbol: '', status: 'TRADING' },
      { status: 'TRADING' },
      [],
      {
        symbol: 'B',
        status: 'TRADING',
        deliveryDate: 'soon',
      },
    );
    expect(parsed).toMatchObject({ ok: true, value: [{ symbol: 'B', deliveryTime: null }] });
  });

  it.each<[string, unknown]>([
    ['an empty list', { symbols: [] }],
    ['no readable line', { symbols: [1, 2] }],
    ['no list', { symbols: {} }],
    ['a text', '{"symbols":[{"sym'],
    ['null', null],
  ])('refuses %s', (_, body) => {
    expect(symbolsOf(body)).toMatchObject({ ok: false });
  });
});

it.each([
  ['trading', ['TRADING', 'trading']],
  ['ended', ['SETTLING', 'DELIVERING', 'DELIVERED', 'CLOSE', 'CLOSED', 'DELISTED']],
  [
    'paused',
    [
      'HALT',
      'END_OF_DAY',
      'CANCEL_ONLY',
      'TRADING_HALT',
      'TRADING_CANCEL_ONLY',
      'PRE_SETTLE',
      'PENDING_TRADING',
      'PRE_DELIVERING',
      'constructor',
    ],
  ],
])('says %s of %j', (phase, words) => {
  expect(words.map(phaseOf)).toEqual(words.map(() => phase));
});
