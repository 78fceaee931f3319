import { expect, it } from 'vitest';
import { DEFAULT_SYMBOLS } from '../../src/testing/options.ts';
import { startFakeExchange } from '../../src/testing/index.ts';

it('has well-known symbols on each market, one of them not ASCII', () => {
  expect(DEFAULT_SYMBOLS['binance-usdm']).toEqual(expect.arrayContaining(['BTCUSDT', '币安人生USDT']));
  expect(DEFAULT_SYMBOLS['binance-coinm']).toContain('BTCUSD_PERP');
  expect(DEFAULT_SYMBOLS['binance-spot']).toContain('BTCUSDT');
});

it('replaces the symbols of the markets that are named and no others', async () => {
  await using exchange = await startFakeExchange({ symbols: { 'binance-spot': ['ONLYUSDT'] } });
  expect(() => exchange.openTimeNow({ venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1m' })).toThrow(RangeError);
  expect(exchange.openTimeNow({ symbol: 'BTCUSDT', interval: '1m' })).toBeGreaterThan(0);
});
