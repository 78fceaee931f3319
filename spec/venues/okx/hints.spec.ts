import { expect, it } from 'vitest';
import { okxHints } from '../../../src/venues/okx/hints.ts';

const LISTED = ['BTC-USDT', 'ETH-USDT', 'BTC-USDT-SWAP', 'BTC-USD-SWAP', 'BTC-USDT-261225'];

it.each([
  ['BTCUSDT', 'did you mean BTC-USDT or BTC-USDT-SWAP?'],
  ['BTC_USDT', 'did you mean BTC-USDT or BTC-USDT-SWAP?'],
  ['OKX:BTCUSDT.P', 'did you mean BTC-USDT or BTC-USDT-SWAP?'],
  ['BTCUSD_PERP', 'did you mean BTC-USD-SWAP?'],
  ['BTC', 'did you mean BTC-USDT?'],
  ['ETH-USTD', 'did you mean ETH-USDT?'],
  ['NONSENSE', ''],
])('for %s: %s', (written, hint) => expect(okxHints.hintFor(written, LISTED)).toBe(hint));
