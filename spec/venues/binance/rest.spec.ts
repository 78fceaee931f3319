import { describe, expect, it } from 'vitest';
import { VENUES } from '../../../src/venues/registry.ts';
import { FIRST_OPEN, rowAt, TWO_MINUTES, TWO_ROWS } from '../../support/rest-rows.ts';

const MINUTE = 60_000;
const usdm = VENUES['binance-usdm'].rest;
const spot = VENUES['binance-spot'].rest;
const coinm = VENUES['binance-coinm'].rest;

describe('a request', () => {
  it.each([
    [usdm, '/fapi/v1', {}],
    [coinm, '/dapi/v1', {}],
    [spot, '/api/v3', { showPermissionSets: 'false' }],
  ])('is of the market’s own paths: $1', (protocol, path, filter) => {
    const requests = [protocol.time(), protocol.candles(TWO_MINUTES, 0), protocol.symbols()];
    expect(requests.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([
      `GET ${path}/time`,
      `GET ${path}/klines`,
      `GET ${path}/exchangeInfo`,
    ]);
    expect([requests[0]?.query, requests[2]?.query]).toEqual([{}, filter]);
  });

  it.each([
    ['both ends', TWO_MINUTES, { startTime: FIRST_OPEN, endTime: FIRST_OPEN + 2 * MINUTE - 1 }],
    ['the end', { ...TWO_MINUTES, from: undefined }, { endTime: FIRST_OPEN + 2 * MINUTE - 1 }],
    ['the start', { ...TWO_MINUTES, before: undefined }, { startTime: FIRST_OPEN }],
  ])(
    'for klines names %s as the exchange counts, inclusively',
    (_, { symbol, interval, limit, from, before }, query) => {
      const request = { symbol, interval, limit, ...(from && { from }), ...(before && { before }) };
      expect(usdm.candles(request, 0).query).toEqual({ symbol: 'BTCUSDT', interval: '1m', limit: 2, ...query });
    },
  );

  it.each([
    [usdm, 500, [1, 1, 2]],
    [usdm, 1500, [1, 1, 10]],
    [spot, 1000, [1, 20, 2]],
  ])('costs what the market documents', (protocol, limit, weights) => {
    const requests = [protocol.time(), protocol.symbols(), protocol.candles({ ...TWO_MINUTES, limit }, 0)];
    expect(requests.map(({ cost }) => cost)).toEqual(weights.map((weight) => ({ weight })));
  });
});

it('has one limit, which the futures markets share', () => {
  expect(usdm.limits).toEqual([{ name: 'weight', limit: 2400, windowMs: MINUTE, window: 'fixed' }]);
  expect(spot.limits).toMatchObject([{ limit: 6000 }]);
  expect([usdm, coinm, spot].map(({ budget }) => budget)).toEqual([
    'binance-futures',
    'binance-futures',
    'binance-spot',
  ]);
});

describe('a klines answer', () => {
  const { parse } = usdm.candles(TWO_MINUTES, 0);

  it('is rows of the series asked for, none of which says that it is final', () => {
    const parsed = parse(JSON.parse(TWO_ROWS));
    const times = { timestamp: FIRST_OPEN, closeTime: FIRST_OPEN + MINUTE - 1 };
    const first = { venue: 'binance-usdm', symbol: 'BTCUSDT', interval: '1m', ...times, open: 1.5, trades: 3 };
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        rows: [
          { final: false, candle: { ...first, source: 'backfill' } },
          { final: false, candle: { timestamp: FIRST_OPEN + MINUTE, takerBuyQuoteVolume: 5 } },
        ],
        rejected: [],
      },
    });
  });

  it('may be nothing: nothing is there, or not yet', () => {
    expect(parse([])).toEqual({ ok: true, value: { rows: [], rejected: [] } });
  });

  it('loses rows before the span, as COIN-M may send them', () => {
    const request = coinm.candles({ ...TWO_MINUTES, from: FIRST_OPEN + MINUTE }, 0);
    const parsed = request.parse(JSON.parse(TWO_ROWS));
    expect(parsed).toMatchObject({ ok: true, value: { rows: [{ candle: { timestamp: FIRST_OPEN + MINUTE } }] } });
    expect(parsed.ok && parsed.value.rows).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['an object in place of rows', { rows: [] }],
    ['an error in spite of status 200', { code: -1121, msg: 'Invalid symbol.' }],
    ['an error in a list', [{ code: -1121, msg: 'Invalid symbol.' }]],
    ['no JSON', undefined],
    ['null', null],
    ['a number', 7],
    ['rows that fall', [rowAt(FIRST_OPEN + MINUTE), rowAt(FIRST_OPEN)]],
    ['a row after the span', [rowAt(FIRST_OPEN), rowAt(FIRST_OPEN + 2 * MINUTE)]],
  ])('is malformed as a whole for %s', (_, body) => {
    expect(parse(body)).toMatchObject({ ok: false });
  });
});

it.each<[unknown, number | undefined]>([
  [{ serverTime: FIRST_OPEN }, FIRST_OPEN],
  [{ serverTime: FIRST_OPEN, new: 1.2345678901234568e20 }, FIRST_OPEN],
  [{}, undefined],
  [{ serverTime: 0 }, undefined],
  [{ serverTime: 1_791_382_920_000_000 }, undefined],
  [[], undefined],
  [undefined, undefined],
])('reads the server time from %j', (body, time) => {
  expect(usdm.time().parse(body)).toMatchObject(time === undefined ? { ok: false } : { ok: true, value: time });
});

describe('a symbol list', () => {
  const BTCUSDT = { symbol: 'BTCUSDT', status: 'TRADING', deliveryDate: 4_133_404_800_000 };
  const rateLimits = [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1200 }];

  it('is all in one page, with the limits of the host', () => {
    const parsed = spot.symbols().parse({ rateLimits, symbols: [BTCUSDT, 7] });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        symbols: [{ symbol: 'BTCUSDT', status: 'TRADING', phase: 'trading', deliveryTime: null }],
        limits: [{ name: 'weight', limit: 1200 }],
      },
    });
    expect(parsed.ok && parsed.value.next).toBeUndefined();
  });

  it.each<unknown>([{}, { symbols: [] }, undefined])('is malformed for %j', (body) => {
    expect(spot.symbols().parse(body)).toMatchObject({ ok: false });
  });
});
