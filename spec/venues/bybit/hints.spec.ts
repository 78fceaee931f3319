import { expect, it } from 'vitest';
import { bybitInverse, bybitLinear, bybitSpot } from '../../../src/venues/bybit/market.ts';

const LINEAR = ['BTCUSDT', 'BTCPERP', 'BTCUSDT-25DEC26', 'ETHUSDT', '1000PEPEUSDT'];
const INVERSE = ['BTCUSD', 'ETHUSD', 'BTCUSDZ26'];

it.each([
  ['BTC-USDT', 'did you mean BTCUSDT or BTCPERP?'],
  ['BTC-USDT-SWAP', 'did you mean BTCUSDT or BTCPERP?'],
  ['BYBIT:BTCUSDT.P', 'did you mean BTCUSDT or BTCPERP?'],
  ['BTC', 'did you mean BTCUSDT or BTCPERP?'],
  ['BTCUSDC', 'did you mean BTCUSDT or BTCPERP?'],
  ['BTC-PERP', 'did you mean BTCPERP or BTCUSDT?'],
  ['BTCUSD', 'bybit-inverse has symbols of this kind; did you mean BTCUSDT or BTCPERP?'],
  ['ETHUSDTT', 'did you mean ETHUSDT?'],
  ['SOMETHING', ''],
])('%s on linear: %s', (symbol, hint) => expect(bybitLinear.hints.hintFor(symbol, LINEAR)).toBe(hint));

it.each([
  ['BTCUSD_PERP', 'did you mean BTCUSD?'],
  ['BTCUSDT', 'bybit-linear has symbols of this kind; did you mean BTCUSD?'],
])('%s on inverse: %s', (symbol, hint) => expect(bybitInverse.hints.hintFor(symbol, INVERSE)).toBe(hint));

it('names the markets of the exchange alone', () => {
  expect(bybitSpot.hints.hintFor('BTC_USDT', ['BTCUSDT'])).toBe('did you mean BTCUSDT?');
});
