import { expect, it } from 'vitest';
import { UnknownSymbolError, UnsupportedIntervalError } from '../../src/core/errors.ts';
import { checkedSeries } from '../../src/feed/checked-series.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';

it('names a series as the venue spells it, however it was written', () => {
  const series = ['BTCUSDT', 'btcusdt', 'BTC/USDT:USDT'].map((written) => checkedSeries(written, '1m', binanceUsdm));
  expect(series).toEqual(Array(3).fill({ symbol: 'BTCUSDT', interval: '1m' }));
});

it('refuses what the venue cannot have', () => {
  expect(() => checkedSeries('BTCUSDT', '1s', binanceUsdm)).toThrow(UnsupportedIntervalError);
  expect(checkedSeries('BTCUSDT', '1s', binanceSpot)).toEqual({ symbol: 'BTCUSDT', interval: '1s' });
  expect(() => checkedSeries('BTC/USDT', '1m', binanceUsdm)).toThrow(UnknownSymbolError);
});
