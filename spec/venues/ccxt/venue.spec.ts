import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import type { CcxtExchange, CcxtMarket } from '../../../src/venues/ccxt/exchange.ts';
import { readsCurrenciesInPrivate } from '../../../src/venues/ccxt/features.ts';
import { candlesOf, inOrder } from '../../../src/venues/ccxt/rows.ts';
import { hintsOf, symbolIn, symbolsOf } from '../../../src/venues/ccxt/symbols.ts';
import { restUrlOf } from '../../../src/venues/ccxt/urls.ts';
import { ccxtVenue, pagingOf } from '../../../src/venues/ccxt/venue.ts';

const MINUTE = 60_000;
type Id = 'binanceusdm' | 'kraken' | 'gemini' | 'okx';
const exchangeOf = (id: Id) => new ccxt.pro[id]() as unknown as CcxtExchange;

describe('what the engine knows of an exchange of ccxt', () => {
  it('its intervals are those of ccxt’s that are ours too', () => {
    expect(ccxtVenue('ccxt:kraken', exchangeOf('kraken')).intervals).toEqual(['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w']); // prettier-ignore
  });

  it.each<[Id, number]>([['binanceusdm', 499], ['kraken', 499], ['okx', 299], ['gemini', 99]])(
    'an answer of %s has room for %i rows, and one before them',
    (id, rows) => {
      const span = { pageRows: rows, maxRows: rows, pagesFrom: 'newest', maxSpanMs: rows * MINUTE, keepsAll: false };
      expect(pagingOf('1m', exchangeOf(id))).toEqual(span);
    },
  ); // prettier-ignore

  it('which of them want keys for their currencies', () => {
    expect(readsCurrenciesInPrivate(exchangeOf('binanceusdm').features)).toBe(true);
    expect(readsCurrenciesInPrivate(exchangeOf('kraken').features)).toBe(false);
  });

  it('where it is', () => {
    expect(restUrlOf(exchangeOf('kraken'))).toBe('https://api.kraken.com');
    expect(restUrlOf(exchangeOf('okx'))).toBe('https://www.okx.com');
  });
});

const market = (symbol: string, id: string, more: Partial<CcxtMarket> = {}): CcxtMarket => ({ symbol, id, base: 'BTC', quote: 'USDT', ...more }); // prettier-ignore
const all = [
  market('BTC/USDT', 'BTCUSDT'),
  market('BTC/USDT:USDT', 'BTCUSDT', { active: false, expiry: 5, precision: { price: 0.1, amount: 1 } }),
  market('ETH/USDT', 'ETHUSDT', { active: true, created: 7 }),
];
const markets = Object.fromEntries(all.map((one) => [one.symbol, one]));

describe('a symbol', () => {
  it.each([
    ['BTC/USDT:USDT', 'BTC/USDT:USDT'],
    ['btc/usdt', 'BTC/USDT'],
    [' ETHUSDT ', 'ETH/USDT'],
    ['ethusdt', 'ETH/USDT'],
    ['BTCUSDT', 'BTCUSDT'],
    ['XYZ', 'XYZ'],
    ['', undefined],
    [7, undefined],
  ])('%j means %j', (written, symbol) => {
    expect(symbolIn(written, { markets })).toBe(symbol);
  });

  it('that is the id of two markets is asked about', () => {
    const { hintFor } = hintsOf({ markets });
    expect(hintFor('BTCUSDT', Object.keys(markets))).toBe('did you mean BTC/USDT or BTC/USDT:USDT?');
    expect(hintFor('ETH/USD', Object.keys(markets))).toBe('did you mean ETH/USDT?');
    expect(hintFor('xxxxxxxxxx', Object.keys(markets))).toBe("write ccxt's unified symbol, like BTC/USDT");
  });

  it('is listed with what ccxt tells of it', () => {
    const known = { base: 'BTC', quote: 'USDT', listingTime: null, deliveryTime: null, priceStep: null, quantityStep: null }; // prettier-ignore
    expect(symbolsOf({ markets, precisionMode: 4 })).toEqual([
      { symbol: 'BTC/USDT', status: 'active', phase: 'trading', ...known },
      { symbol: 'BTC/USDT:USDT', status: 'inactive', phase: 'paused or ended', ...known, deliveryTime: 5, priceStep: 0.1, quantityStep: 1 }, // prettier-ignore
      { symbol: 'ETH/USDT', status: 'active', phase: 'trading', ...known, listingTime: 7 },
    ]);
    expect(symbolsOf({ markets, precisionMode: 2 })[1]?.priceStep).toBeNull();
  });
});

describe('rows', () => {
  it('are put in order, each open time once, and what has none is left out', () => {
    expect(inOrder([[2, 5], [1, 1], [2, 9], [undefined, 3]])).toEqual([[1, 1], [2, 9]]); // prettier-ignore
  });

  it('of which no candle can be made are told apart', () => {
    const series = { symbol: 'BTC/USDT', interval: '1m' } as const;
    const rows = [[0, 1, 2, 1, 2, 3], [MINUTE, 1, undefined, 1, 2, 3], [2 * MINUTE, 1, 2, 1, 2, null]]; // prettier-ignore
    const { candles, rejected } = candlesOf(rows, series, 'ccxt:kraken');
    expect(candles.map(({ timestamp, closeTime, volume }) => [timestamp, closeTime, volume])).toEqual([[0, MINUTE - 1, 3]]); // prettier-ignore
    expect(rejected).toEqual([
      { timestamp: MINUTE, row: rows[1], reason: 'a price is not a number' },
      { timestamp: 2 * MINUTE, row: rows[2], reason: 'a volume is not a number' },
    ]);
  });
});
