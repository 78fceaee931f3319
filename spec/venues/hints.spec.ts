import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { bybitLinear } from '../../src/venues/bybit/market.ts';
import { intervalHint, writtenHint } from '../../src/venues/hints.ts';

describe('of an interval', () => {
  it.each([
    ['1s', 'binance-spot has it'],
    ['1H', 'did you mean 1h?'],
    ['60m', 'did you mean 1h?'],
    ['60s', 'did you mean 1m?'],
    ['7m', "resample('7m') makes it out of shorter candles"],
    ['x', ''],
    [undefined, ''],
  ])('%s on USDⓈ-M', (interval, hint) => expect(intervalHint(interval, binanceUsdm)).toBe(hint));

  it.each([
    ['8h', "resample('8h') makes it out of shorter candles"],
    ['3d', "resample('3d') makes it out of shorter candles"],
    ['1s', ''],
  ])('%s on Bybit, which has none of it on any market', (interval, hint) =>
    expect(intervalHint(interval, bybitLinear)).toBe(hint),
  );

  it('names nothing that the market lacks', () => {
    expect(intervalHint('1sec', binanceUsdm)).toBe('');
    expect(intervalHint('1sec', binanceSpot)).toBe('did you mean 1s?');
  });
});

describe('of a unified symbol of another kind of market', () => {
  it('names the market', () => {
    expect(writtenHint('BTC/USDT', binanceUsdm)).toBe(
      'for binance-spot it is BTCUSDT; write it as the exchange does, like BTCUSDT',
    );
    expect(writtenHint('BTC/USD:BTC', bybitLinear)).toBe(
      'for bybit-inverse it is BTCUSD; write it as the exchange does, like BTCUSDT',
    );
    expect(writtenHint('', binanceUsdm)).toBe('write it as the exchange does, like BTCUSDT');
  });
});
