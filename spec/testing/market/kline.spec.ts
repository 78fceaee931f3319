import { expect, it } from 'vitest';
import { decimal, klineOf } from '../../../src/testing/market/kline.ts';
import { emptySlice } from '../../../src/testing/market/trade-slice.ts';

it.each([
  [12_345, 2, null, '123.45'],
  [5, 4, null, '0.0005'],
  [0, 2, null, '0.00'],
  [1893, 0, null, '1893'],
  [1893, 0, 8, '1893.00000000'],
  [12_345, 2, 8, '123.45000000'],
  [8_999_999_999_999_999, 5, null, '89999999999.99999'],
])('writes %i with %i decimals, padded to %s, as %s', (units, decimals, padTo, text) => {
  expect(decimal(units, decimals, padTo)).toBe(text);
});

const scale = { priceDecimals: 2, lotDecimals: 3, quoteDecimals: 5, padTo: null };
const times = { openTime: 0, closeTime: 59_999 };

it('writes a candle without trades flat, with trade ids of −1', () => {
  expect(klineOf(emptySlice(8309, 77), scale, times)).toMatchObject({
    open: '83.09', high: '83.09', low: '83.09', close: '83.09', volume: '0.000', trades: 0, firstTradeId: -1, lastTradeId: -1,
  }); // prettier-ignore
});

it('lets the count of trades differ from the distance of the ids, as the exchange does', () => {
  const busy = { ...emptySlice(8309, 100), trades: 1027, lots: 5000 };
  const kline = klineOf(busy, scale, times);
  expect(kline.lastTradeId - kline.firstTradeId + 1).toBeGreaterThan(kline.trades);
});
