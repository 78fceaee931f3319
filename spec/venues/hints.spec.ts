import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance-spot.ts';
import { binanceUsdm } from '../../src/venues/binance-usdm.ts';
import { intervalHint, symbolHint, writtenHint } from '../../src/venues/hints.ts';

const USDM = ['BTCUSDT', 'BTCUSDC', 'ETHUSDT', 'SOLUSDT', 'DOGEUSDT', 'BTCUSDT_261225', '1000SHIBUSDT'];
const COINM = ['BTCUSD_PERP', 'ETHUSD_PERP', 'BTCUSD_261225'];

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

  it('names nothing that the market lacks', () => {
    expect(intervalHint('1sec', binanceUsdm)).toBe('');
    expect(intervalHint('1sec', binanceSpot)).toBe('did you mean 1s?');
  });
});

describe('of a symbol', () => {
  it.each([
    ['BTC', 'did you mean BTCUSDT, BTCUSDC or BTCUSDT_261225?'],
    ['BTCUSD_PERP', 'binance-coinm spells symbols so; did you mean BTCUSDT or BTCUSDC?'],
    ['BTC-USDT', 'did you mean BTCUSDT or BTCUSDC?'],
    ['BINANCE:ETHUSDT.P', 'did you mean ETHUSDT?'],
    ['BTCUSTD', 'did you mean BTCUSDT?'],
    ['SOLUDST', 'did you mean SOLUSDT?'],
    ['XQZV', ''],
  ])('%s on USDⓈ-M', (symbol, hint) => expect(symbolHint(symbol, 'binance-usdm', USDM)).toBe(hint));

  it.each([
    ['BTC', 'did you mean BTCUSD_PERP or BTCUSD_261225?'],
    ['BTCUSDT', 'binance-usdm spells symbols so; did you mean BTCUSD_PERP?'],
    ['BTCUSD', 'did you mean BTCUSD_PERP or BTCUSD_261225?'],
    ['SOLUSDT', 'binance-usdm spells symbols so'],
  ])('%s on COIN-M', (symbol, hint) => expect(symbolHint(symbol, 'binance-coinm', COINM)).toBe(hint));

  it('names three at most, and nothing of a list that is not known', () => {
    const many = ['BTCUSDT', 'BTCUSDC', 'BTCFDUSD', 'BTCTRY', 'BTCEUR'];
    expect(symbolHint('BTC', 'binance-spot', many)).toBe('did you mean BTCUSDT, BTCUSDC or BTCFDUSD?');
    expect(symbolHint('BTC', 'binance-spot', [])).toBe('');
  });
});

describe('of a unified symbol of another kind of market', () => {
  it('names the market', () => {
    expect(writtenHint('BTC/USDT', 'binance-usdm')).toBe(
      'for binance-spot it is BTCUSDT; write it as the exchange does, like BTCUSDT',
    );
    expect(writtenHint('', 'binance-usdm')).toBe('write it as the exchange does, like BTCUSDT');
  });
});
