import { expect, it } from 'vitest';
import { BINANCE_RULES, type BinanceId } from '../../../../src/testing/dialects/binance/rules.ts';
import { infoOf } from '../../../../src/testing/dialects/binance/symbol-info.ts';
import { SymbolState, type FakeSymbol } from '../../../../src/testing/market/symbols.ts';

const info = (venue: BinanceId, options: FakeSymbol): Record<string, unknown> =>
  infoOf(new SymbolState(BINANCE_RULES[venue], options, { seed: 1, now: Date.UTC(2026, 10, 22) }));

it('lists a perpetual with the status and the delivery date that never comes', () => {
  expect(info('binance-usdm', { symbol: 'BTCUSDT' })).toMatchObject({
    symbol: 'BTCUSDT', pair: 'BTCUSDT', contractType: 'PERPETUAL', status: 'TRADING', deliveryDate: 4_133_404_800_000,
    baseAsset: 'BTC', quoteAsset: 'USDT', marginAsset: 'USDT',
  }); // prettier-ignore
});

it.each<BinanceId>(['binance-spot', 'binance-usdm'])('lists assets and steps as %s writes them', (venue) => {
  const listed = Date.UTC(2026, 0, 2);
  const { filters, ...line } = info(venue, { symbol: 'BTCUSDT', price: 80_000, listed });
  const steps = filters as readonly Record<string, string>[];
  const step = (filterType: string, key: string) => steps.find((filter) => filter['filterType'] === filterType)?.[key];
  expect(line).toMatchObject({ baseAsset: 'BTC', quoteAsset: 'USDT' });
  expect([step('PRICE_FILTER', 'tickSize'), step('LOT_SIZE', 'stepSize')].map(Number)).toEqual([0.01, 0.00001]);
  expect(line['onboardDate']).toBe(venue === 'binance-spot' ? undefined : listed);
});

it('lists a dated contract with its pair and its end', () => {
  const deliveryDate = Date.UTC(2026, 11, 25, 8);
  const dated = info('binance-usdm', { symbol: 'BTCUSDT_261225', contractType: 'CURRENT_QUARTER', deliveryDate });
  expect(dated).toMatchObject({ pair: 'BTCUSDT', contractType: 'CURRENT_QUARTER', deliveryDate, quoteAsset: 'USDT' });
});

it('calls the status contractStatus on COIN-M', () => {
  const listed = info('binance-coinm', { symbol: 'BTCUSD_PERP' });
  expect(listed).toMatchObject({ contractStatus: 'TRADING', pair: 'BTCUSD', baseAsset: 'BTC', marginAsset: 'BTC' });
  expect(listed).not.toHaveProperty('status');
});

it('lists a spot symbol without anything of contracts', () => {
  const listed = info('binance-spot', { symbol: 'ETHBTC', status: 'BREAK' });
  expect(listed).toMatchObject({ status: 'BREAK', baseAsset: 'ETH', quoteAsset: 'BTC' });
  expect(listed).not.toHaveProperty('contractType');
});
