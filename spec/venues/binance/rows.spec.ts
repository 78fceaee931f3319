import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../../src/core/candle.ts';
import { phaseOf, rowsOf, serverTimeOf, symbolsOf, type Series } from '../../../src/venues/binance/rows.ts';

const T = 1_791_382_920_000;
const SERIES: Series = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m' };
const ROW: readonly unknown[] = [
  T, '83137.90', '83155.70', '83082.90', '83084.90', '102.437', T + 59_999, '8514292.61220', 4409, '49.832', '4141805.93340', '0',
]; // prettier-ignore

const rowWith = (column: number, value: unknown) => ROW.with(column, value);
const later = (row: readonly unknown[], ms: number) => row.with(0, T + ms).with(6, T + ms + 59_999);

const CANDLE = {
  venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', timestamp: T, closeTime: T + 59_999,
  open: 83137.9, high: 83155.7, low: 83082.9, close: 83084.9, volume: 102.437, quoteVolume: 8514292.6122,
  trades: 4409, takerBuyVolume: 49.832, takerBuyQuoteVolume: 4141805.9334, source: 'backfill',
}; // prettier-ignore

describe('rows of a klines answer', () => {
  it('are read column by column, into a frozen candle with its keys in order', () => {
    const parsed = rowsOf([ROW], SERIES);
    expect(parsed).toEqual({ ok: true, value: { candles: [CANDLE], rejected: [] } });
    const candle = parsed.ok ? parsed.value.candles[0] : undefined;
    expect(Object.keys(candle ?? {})).toEqual(FIELDS);
    expect(Object.isFrozen(candle)).toBe(true);
  });

  it.each<[string, readonly unknown[], object]>([
    ['a row of a minute without trades', ROW.with(5, '0.00000000').with(8, 0), { volume: 0, trades: 0 }],
    ['a column more than today', [...ROW, 'new'], {}],
    ['a missing last column, which says nothing', ROW.slice(0, 11), {}],
    ['a price as small as 1e-8', rowWith(1, '0.00000001'), { open: 1e-8 }],
    ['an exponent', rowWith(5, '1e-7'), { volume: 1e-7 }],
    ['an open time off the grid, as spot had after its outage of 2018', later(ROW, 1234), { timestamp: T + 1234, closeTime: T + 61_233 }],
    ['a row that is cut short', rowWith(6, T + 1), { closeTime: T + 1 }],
    ['a row that ends after its successor opens', rowWith(6, T + 119_999), { closeTime: T + 119_999 }],
    ['numbers for texts', ROW.map((value) => Number(value)), {}],
    ['no digit before the point', rowWith(5, '.5'), { volume: 0.5 }],
    ['no digit behind the point', rowWith(5, '5.'), { volume: 5 }],
    ['times as texts', ROW.map((value, index) => (index % 6 === 0 ? String(value) : value)), {}],
    ['a count as text', rowWith(8, '4409'), {}],
    ['a count that is not told', rowWith(8, null), { trades: null }],
    ['half a trade, which is no count', rowWith(8, 0.5), { trades: null }],
    ['an open above the high', rowWith(1, '90000'), { open: 90000 }],
    ['a close below the low', rowWith(4, '1'), { close: 1 }],
    ['a negative price', rowWith(3, '-1'), { low: -1 }],
    ['a zero with a sign', rowWith(5, '-0.000'), { volume: 0 }],
  ])('may have %s', (_, row, changes) => {
    expect(rowsOf([row], SERIES)).toEqual({ ok: true, value: { candles: [{ ...CANDLE, ...changes }], rejected: [] } });
  }); // prettier-ignore

  it.each<[string, readonly unknown[]]>([
    ['a price is not a number', rowWith(1, 'NaN')],
    ['a price is not a number', rowWith(2, null)],
    ['a price is not a number', rowWith(3, '')],
    ['a price is not a number', rowWith(4, '0x10')],
    ['a price is not a number', rowWith(2, '1e999')],
    ['a price is not a number', rowWith(2, Infinity)],
    ['a price is not a number', rowWith(1, ' 1')],
    ['a price is not a number', rowWith(1, ['1'])],
    ['a price is not a number', ROW.slice(0, 1)],
    ['a volume is not a number', rowWith(5, 'x')],
    ['a volume is not a number', rowWith(7, undefined)],
    ['a volume is not a number', rowWith(9, null)],
    ['a volume is not a number', ROW.slice(0, 10)],
    ['a volume is negative', rowWith(5, '-1')],
    ['a volume is negative', rowWith(7, '-0.1')],
    ['a volume is negative', rowWith(9, -1)],
    ['a volume is negative', rowWith(10, '-1e-8')],
    ['the number of trades is negative', rowWith(8, -1)],
    ['high is below low', rowWith(2, '1').with(3, '2')],
    ['it does not close after it opens', rowWith(6, T)],
    ['it does not close after it opens', rowWith(6, T - 1)],
    ['it does not close after it opens', rowWith(6, null)],
    ['it does not close after it opens', rowWith(6, (T + 59_999) * 1000)],
  ])('are rejected one by one: %s', (reason, row) => {
    expect(rowsOf([row, later(ROW, 60_000)], SERIES)).toMatchObject({
      ok: true,
      value: { candles: [{ timestamp: T + 60_000 }], rejected: [{ timestamp: T, row, reason }] },
    });
  });

  it('may be none, or leave holes', () => {
    expect(rowsOf([], SERIES)).toMatchObject({ ok: true, value: { candles: [], rejected: [] } });
    expect(rowsOf([ROW, later(ROW, 180_000)], SERIES)).toMatchObject({ ok: true, value: { candles: { length: 2 } } });
  });

  it('that come twice are one', () => {
    expect(rowsOf([ROW, ROW, later(ROW, 60_000)], SERIES)).toMatchObject({
      value: { candles: { length: 2 }, rejected: [] },
    });
  });

  it.each([[[ROW, rowWith(5, '-1')]], [[rowWith(5, '-1'), ROW]]])(
    'that open at one time are the one of which a candle can be made',
    (body) => {
      expect(rowsOf(body, SERIES)).toEqual({ ok: true, value: { candles: [CANDLE], rejected: [] } });
    },
  );

  it('that say two things of one time are neither', () => {
    expect(rowsOf([ROW, rowWith(4, '83085')], SERIES)).toMatchObject({
      ok: true,
      value: { candles: [], rejected: [{ timestamp: T, reason: 'two rows open at the same time' }] },
    });
  });

  it('that say the same in other words are one', () => {
    const again = ROW.map((value) => Number(value));
    expect(rowsOf([ROW, again], SERIES)).toEqual({ ok: true, value: { candles: [CANDLE], rejected: [] } });
  });

  it('that do not say when they open are as good as absent', () => {
    const body = [null, ROW, 'row', [], rowWith(0, null), rowWith(0, 'now'), rowWith(0, T + 0.5), rowWith(0, T * 1000)];
    expect(rowsOf(body, SERIES)).toEqual({ ok: true, value: { candles: [CANDLE], rejected: [] } });
  });

  it.each<[string, unknown]>([
    ['a text: what ccxt makes of a body that was cut off', '[[1791382920000,"83137.90"'],
    ['an object', { code: -1121, msg: 'Invalid symbol.' }],
    ['null', null],
    ['nothing', undefined],
    ['rows that are no rows', ['row']],
    ['rows of which none says when it opens', [rowWith(0, 0), { openTime: T }]],
    ['falling open times', [later(ROW, 60_000), ROW]],
    ['falling open times of rows that are no candles', [later(ROW, 60_000), rowWith(5, '-1')]],
  ])('are refused all together for %s', (_, body) => {
    expect(rowsOf(body, SERIES)).toEqual({ ok: false, reason: expect.stringMatching(/^klines: /) as string });
  });
});

const RECORDED = '../shared/data/snippets/polyoxide-rest-klines-2026-10-07.json';
it.skipIf(!existsSync(RECORDED))(
  'reads the rows recorded on 2026-10-07 (skipped where the recording is absent)',
  () => {
    const parsed = rowsOf(JSON.parse(readFileSync(RECORDED, 'utf8')), SERIES);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        candles: [
          { timestamp: T, trades: 4409 },
          { timestamp: T + 60_000, low: 83051.2 },
        ],
      },
    });
  },
);

it.each<[string, unknown, number | undefined]>([
  ['the time', { serverTime: T }, T],
  ['a time of 0', { serverTime: 0 }, undefined],
  ['a negative time', { serverTime: -T }, undefined],
  ['a time in microseconds', { serverTime: T * 1000 }, undefined],
  ['a time as text', { serverTime: String(T) }, T],
  ['NaN', { serverTime: NaN }, undefined],
  ['no time', {}, undefined],
  ['a list', [T], undefined],
  ['a text', 'gone', undefined],
])('reads the server time from %s', (_, body, time) => {
  expect(serverTimeOf(body)).toMatchObject(time === undefined ? { ok: false } : { ok: true, value: time });
});

describe('symbols of an exchangeInfo answer', () => {
  const read = (...lines: unknown[]) => symbolsOf({ timezone: 'UTC', symbols: lines });

  const unsaid = {
    base: null,
    quote: null,
    listingTime: null,
    deliveryTime: null,
    priceStep: null,
    quantityStep: null,
  };

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
        { ...unsaid, symbol: 'BTCUSDT', status: 'TRADING', phase: 'trading' },
        { ...unsaid, symbol: 'BTCUSD_261225', status: 'TRADING', phase: 'trading', deliveryTime: 1_798_185_600_000 },
        { ...unsaid, symbol: '币安人生USDT', status: 'SETTLING', phase: 'ended', deliveryTime: 1_790_000_000_000 },
        { ...unsaid, symbol: 'ETHBTC', status: 'BREAK', phase: 'paused or ended' },
      ],
    });
  });

  const filters = (tickSize: unknown, stepSize: unknown) => [
    { filterType: 'MARKET_LOT_SIZE', stepSize: '1' },
    { filterType: 'PRICE_FILTER', minPrice: '0.01', tickSize },
    null,
    { filterType: 'LOT_SIZE', stepSize },
  ];
  const line = { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' };

  it('reads assets, listing and steps of a contract', () => {
    const contract = { ...line, onboardDate: 1_569_398_400_000, filters: filters('0.10', '0.001') };
    expect(read(contract)).toMatchObject({
      value: [{ base: 'BTC', quote: 'USDT', listingTime: 1_569_398_400_000, priceStep: 0.1, quantityStep: 0.001 }],
    });
  });

  it.each<[string, object]>([
    ['has no filters, and no listing, as on spot', { ...line }],
    ['has steps of 0, which stand for no rule', { ...line, filters: filters('0.00000000', '0.00') }],
    ['has steps that are no numbers', { ...line, filters: filters('1 BTC', 'x') }],
    ['has filters that are no list', { ...line, filters: {}, onboardDate: 0 }],
  ])('says null where a line %s', (_, given) => {
    expect(read(given)).toMatchObject({
      value: [{ base: 'BTC', quote: 'USDT', listingTime: null, priceStep: null, quantityStep: null }],
    });
  });

  it('keeps a line whose assets cannot be read', () => {
    expect(read({ ...line, baseAsset: 5, quoteAsset: '' })).toMatchObject({ value: [{ base: null, quote: null }] });
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
