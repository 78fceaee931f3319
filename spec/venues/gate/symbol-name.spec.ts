import { expect, it } from 'vitest';
import { gateHints, symbolNameOf } from '../../../src/venues/gate/symbol-name.ts';

const LISTED = ['BTC_USDT', 'ETH_USDT', 'BTC_USD'];

it.each([
  ['BTCUSDT', 'did you mean BTC_USDT?'],
  ['BTC-USDT', 'did you mean BTC_USDT?'],
  ['BTC', 'did you mean BTC_USDT?'],
  ['ETH_USDC', 'did you mean ETH_USDT?'],
  ['NOTHINGLIKEIT', ''],
])('says of %s: %s', (symbol, hint) => expect(gateHints.hintFor(symbol, LISTED)).toBe(hint));

it('takes a unified symbol of a contract for none of spot', () => {
  expect(['BTC/USDT', 'BTC/USDT:USDT', 'A/B/C', ''].map(symbolNameOf)).toEqual([
    'BTC_USDT',
    undefined,
    undefined,
    undefined,
  ]);
});
