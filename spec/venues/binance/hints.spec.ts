import { describe, expect, it } from 'vitest';
import { binanceCoinm } from '../../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';

const USDM = ['BTCUSDT', 'BTCUSDC', 'ETHUSDT', 'SOLUSDT', 'DOGEUSDT', 'BTCUSDT_261225', '1000SHIBUSDT'];
const COINM = ['BTCUSD_PERP', 'ETHUSD_PERP', 'BTCUSD_261225'];

describe('of a symbol', () => {
  it.each([
    ['BTC', 'did you mean BTCUSDT, BTCUSDC or BTCUSDT_261225?'],
    ['BTCUSD_PERP', 'binance-coinm spells symbols so; did you mean BTCUSDT or BTCUSDC?'],
    ['BTC-USDT', 'did you mean BTCUSDT or BTCUSDC?'],
    ['BINANCE:ETHUSDT.P', 'did you mean ETHUSDT?'],
    ['BTCUSTD', 'did you mean BTCUSDT?'],
    ['SOLUDST', 'did you mean SOLUSDT?'],
    ['XQZV', ''],
  ])('%s on USDⓈ-M', (symbol, hint) => expect(binanceUsdm.hints.hintFor(symbol, USDM)).toBe(hint));

  it.each([
    ['BTC', 'did you mean BTCUSD_PERP or BTCUSD_261225?'],
    ['BTCUSDT', 'binance-usdm spells symbols so; did you mean BTCUSD_PERP?'],
    ['BTCUSD', 'did you mean BTCUSD_PERP or BTCUSD_261225?'],
    ['SOLUSDT', 'binance-usdm spells symbols so'],
  ])('%s on COIN-M', (symbol, hint) => expect(binanceCoinm.hints.hintFor(symbol, COINM)).toBe(hint));

  it('names three at most, and nothing of a list that is not known', () => {
    const many = ['BTCUSDT', 'BTCUSDC', 'BTCFDUSD', 'BTCTRY', 'BTCEUR'];
    expect(binanceSpot.hints.hintFor('BTC', many)).toBe('did you mean BTCUSDT, BTCUSDC or BTCFDUSD?');
    expect(binanceSpot.hints.hintFor('BTC', [])).toBe('');
  });
});
