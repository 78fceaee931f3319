import { describe, expect, it } from 'vitest';
import { hashOf, openSeriesOf } from '../../../src/chart/page/address.ts';
import { changeText, decimalsOf, priceDecimals, priceText, volumeText } from '../../../src/chart/page/number-text.ts';
import { DEFAULTS, preferencesOf } from '../../../src/chart/page/preferences.ts';
import { findSymbols } from '../../../src/chart/page/symbol-search.ts';
import { clockText, countdownText, markText, timeText } from '../../../src/chart/page/time-text.ts';
import { sourceText, statusText } from '../../../src/chart/page/words.ts';
import { toChartCandle } from '../../../src/chart/server/batch.ts';
import { candle } from '../../support/candle.ts';

describe('numbers', () => {
  it.each([
    [1, 0], [0.5, 1], [0.125, 3], [1e-7, 7], [1.5e-7, 8], [1e21, 0], [0.1 + 0.2, 10],
  ])('%d has %d decimals', (value, decimals) => expect(decimalsOf(value)).toBe(decimals)); // prettier-ignore

  it('of prices have the decimals of the price step, else of the candles', () => {
    const points = [toChartCandle({ ...candle(1, { open: 1.25, close: 1.5 }), closed: true })];
    expect([priceDecimals(0.1, points), priceDecimals(null, points), priceDecimals(undefined, [])]).toEqual([1, 2, 0]);
  });

  it.each([
    [64_948.9, 2, '64,948.90'],
    [0.000012, 6, '0.000012'],
  ])('%d with %d decimals is %s', (price, decimals, text) => expect(priceText(price, decimals)).toBe(text));

  it.each([
    [101, 100, '+1.00 %'],
    [99.5, 100, '−0.50 %'],
    [100.001, 100, '0.00 %'],
    [1, 0, ''],
    [1, undefined, ''],
  ])('from %s after %s is %j', (close, before, text) => expect(changeText(close, before)).toBe(text));

  it('of volume are short', () => expect([volumeText(12_345.6), volumeText(0.02)]).toEqual(['12.35K', '0.02']));
});

describe('times', () => {
  const noon = Date.UTC(2026, 10, 26, 12);
  it.each([
    ['UTC', 'Thu 26 Nov 2026 12:00'],
    ['America/New_York', 'Thu 26 Nov 2026 07:00'],
    ['Asia/Kathmandu', 'Thu 26 Nov 2026 17:45'],
    ['Pacific/Auckland', 'Fri 27 Nov 2026 01:00'],
  ])('in %s', (zone, text) => expect(timeText(noon, zone)).toBe(text));

  it.each([
    ['day', 'UTC', '27 Nov'],
    ['month', 'UTC', 'Nov'],
    ['year', 'UTC', '2026'],
    ['time', 'Pacific/Auckland', '13:00'],
    // What the axis takes for the beginning of a day is none there.
    ['day', 'America/New_York', '19:00'],
    ['seconds', 'UTC', '00:00:00'],
  ] as const)('as a mark of a %s in %s is %s', (mark, zone, text) => {
    expect(markText(Date.UTC(2026, 10, 27), mark, zone)).toBe(text);
  });

  it('show a day where one begins in the zone', () => {
    expect(markText(Date.UTC(2026, 10, 26, 5), 'time', 'America/New_York')).toBe('26 Nov');
  });

  it('of a day have seconds where there are any', () => {
    expect([clockText(noon, 'UTC'), clockText(noon + 7000, 'UTC')]).toEqual(['12:00', '12:00:07']);
  });

  it.each([
    [0, '0:00'], [-5, '0:00'], [6001, '0:07'], [3_599_000, '59:59'], [23 * 3_600_000, '23:00:00'], [525_600_000, '6d 02:00:00'],
  ])('%d ms are counted down as %s', (ms, text) => expect(countdownText(ms)).toBe(text)); // prettier-ignore
});

describe('the address', () => {
  it('keeps the open series and the one that is shown', () => {
    const series = { open: ['BTCUSDT:1m', 'BTC/USDT:USDT:7m', '币安人生USDT:1h'], shown: 'BTC/USDT:USDT:7m' };
    expect(hashOf(series)).toMatch(/^#BTCUSDT:1m,\*BTC%2FUSDT:USDT:7m,%/);
    expect(openSeriesOf(hashOf(series), ['ETHUSDT:1m'])).toEqual(series);
  });

  it.each(['', '#', '#nothing'])('%j asks for what the command line asked for', (hash) => {
    expect(openSeriesOf(hash, ['A:1m', 'B:1m'])).toEqual({ open: ['A:1m', 'B:1m'], shown: 'A:1m' });
  });
});

it.each([null, '', '{', '7', '{"theme":"blue","timeZone":"Mars/Olympus","isLog":"yes"}'])(
  'preferences %j are those by default',
  (text) => expect(preferencesOf(text)).toEqual(DEFAULTS),
);

it('preferences are kept', () => {
  const chosen = { theme: 'light', timeZone: 'Europe/Berlin', isLog: true } as const;
  expect(preferencesOf(JSON.stringify(chosen))).toEqual(chosen);
});

it('symbols are found by name and asset, the likeliest first, and those that trade before the others', () => {
  const listed = (symbol: string, base: string, isTrading = true) => ({
    symbol,
    base,
    quote: 'USDT',
    isTrading,
    priceStep: null,
  });
  const symbols = [listed('WBTCUSDT', 'WBTC'), listed('BTCDOMUSDT', 'BTCDOM'), listed('BTCOLD', 'BTC', false), listed('BTCUSDT', 'BTC'), listed('ETHUSDT', 'ETH')]; // prettier-ignore
  const found = (text: string) => findSymbols(symbols, text).map(({ symbol }) => symbol);
  expect(found(' btc ')).toEqual(['BTCUSDT', 'BTCDOMUSDT', 'WBTCUSDT', 'BTCOLD']);
  expect([found('nothing'), found('').length]).toEqual([[], 5]);
});

describe('words', () => {
  it('say where a candle came from', () => {
    const words = (['stream', 'backfill', 'history'] as const).map((source) => sourceText(toChartCandle({ ...candle(1, { source }), closed: true }))); // prettier-ignore
    expect(words).toEqual(['streamed', 'fetched', 'history']);
    expect(sourceText(toChartCandle({ ...candle(1), closed: false }))).toBe('running');
    expect(sourceText({ timestamp: 0, hole: 'missing' })).toBe('the exchange has no candle here');
  });

  const state = (connection: 'connected' | 'connecting' | 'lost', detail = '') => ({
    connection,
    detail,
    clockOffsetMs: 0,
  });
  it.each([
    ['lost', state('connected'), 'bad', /chart server does not answer/],
    ['connecting', undefined, 'waiting', /^Connecting$/],
    ['open', state('connected'), 'good', /^Connected$/],
    ['open', state('connected', 'fetching candles'), 'waiting', /^Connected: fetching candles$/],
    ['open', state('connecting'), 'waiting', /^Connecting to the exchange$/],
    ['open', state('lost', 'refused'), 'bad', /^No connection to the exchange: refused$/],
  ] as const)('of a page whose link is %s with %j are %s', (link, feed, level, text) => {
    expect(statusText(link, feed)).toEqual({ level, text: expect.stringMatching(text) as string });
  });
});
