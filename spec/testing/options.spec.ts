import { expect, it } from 'vitest';
import type { VenueId } from '../../src/core/candle.ts';
import { startFakeExchange } from '../../src/testing/index.ts';

it('has well-known symbols on each market, one of them not ASCII', async () => {
  await using exchange = await startFakeExchange();
  const has = (venue: VenueId, symbol: string): number => exchange.openTimeNow({ venue, symbol, interval: '1m' });
  expect(has('binance-usdm', 'BTCUSDT') && has('binance-usdm', '币安人生USDT')).toBeGreaterThan(0);
  expect(has('binance-coinm', 'BTCUSD_PERP') && has('binance-spot', 'BTCUSDT')).toBeGreaterThan(0);
});

it('speaks for the venues that it is told, the first of them by default', async () => {
  await using exchange = await startFakeExchange({ venues: ['binance-spot', 'binance-coinm'] });
  expect(exchange.endpoints()).toEqual(exchange.endpoints('binance-spot'));
  expect(exchange.candleAt({ symbol: 'ETHUSDT', interval: '1s' }, exchange.now())?.venue).toBe('binance-spot');
  expect(() => exchange.endpoints('binance-usdm')).toThrow(RangeError);
});

it('refuses venues that it cannot speak for, and none at all', async () => {
  await expect(startFakeExchange({ venues: [] })).rejects.toThrow(RangeError);
  await expect(startFakeExchange({ venues: ['nasdaq' as VenueId] })).rejects.toThrow('binance-usdm');
});

it('replaces the symbols of the markets that are named and no others', async () => {
  await using exchange = await startFakeExchange({ symbols: { 'binance-spot': ['ONLYUSDT'] } });
  expect(() => exchange.openTimeNow({ venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' })).toThrow(RangeError);
  expect(exchange.openTimeNow({ symbol: 'BTCUSDT', interval: '1m' })).toBeGreaterThan(0);
});
