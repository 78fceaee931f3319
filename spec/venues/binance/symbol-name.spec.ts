import { describe, expect, it } from 'vitest';
import { symbolNameOf, type BinanceVenue } from '../../../src/venues/binance/symbol-name.ts';

const NONE = undefined;

describe('a symbol', () => {
  it.each<[string, unknown, Record<'usdm' | 'coinm' | 'spot', string | undefined>]>([
    ['in the exchange’s spelling', 'BTCUSDT', { usdm: 'BTCUSDT', coinm: 'BTCUSDT', spot: 'BTCUSDT' }],
    ['in lower case, with blanks around it', ' btcusd_perp\n', { usdm: 'BTCUSD_PERP', coinm: 'BTCUSD_PERP', spot: 'BTCUSD_PERP' }],
    ['in other letters', '币安人生usdt', { usdm: '币安人生USDT', coinm: '币安人生USDT', spot: '币安人生USDT' }],
    ['unified, of spot', 'BTC/USDT', { usdm: NONE, coinm: NONE, spot: 'BTCUSDT' }],
    ['unified, of a perpetual settled in its quote', 'btc/usdt:usdt', { usdm: 'BTCUSDT', coinm: NONE, spot: NONE }],
    ['unified, of a perpetual settled in its base', 'BTC/USD:BTC', { usdm: NONE, coinm: 'BTCUSD_PERP', spot: NONE }],
    ['unified, of a delivery contract on USDⓈ-M', 'BTC/USDT:USDT-261225', { usdm: 'BTCUSDT_261225', coinm: NONE, spot: NONE }],
    ['unified, of a delivery contract on COIN-M', 'BTC/USD:BTC-261225', { usdm: NONE, coinm: 'BTCUSD_261225', spot: NONE }],
    ['unified, settled in a third coin', 'BTC/USDT:ETH', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['unified, of an option', 'BTC/USDT:USDT-261225-60000-C', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['of nothing', '', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['of blanks', '  ', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['of half a pair', 'BTC/', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['of three', 'A/B/C', { usdm: NONE, coinm: NONE, spot: NONE }],
    ['that is no text', 42, { usdm: NONE, coinm: NONE, spot: NONE }],
    ['that was left out', undefined, { usdm: NONE, coinm: NONE, spot: NONE }],
  ])('%s', (_, written, { usdm, coinm, spot }) => {
    const on = (venue: BinanceVenue) => symbolNameOf(written, venue);
    expect([on('binance-usdm'), on('binance-coinm'), on('binance-spot')]).toEqual([usdm, coinm, spot]);
  }); // prettier-ignore
});
