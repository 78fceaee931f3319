import { expect, it } from 'vitest';
import { symbolNameOf } from '../../../src/venues/okx/symbol-name.ts';

it.each([
  [' btc-usdt-swap ', 'BTC-USDT-SWAP'],
  ['BTCUSDT', 'BTCUSDT'],
  ['BTC/USDC', 'BTC-USDC'],
  ['eth/usd:eth', 'ETH-USD-SWAP'],
  ['BTC/USD:USD', 'BTC-USD-SWAP'],
  ['BTC/USDT:USDT-261225', 'BTC-USDT-261225'],
  ['BTC/USD:USDC', undefined],
  ['BTC/USDT:', undefined],
])('understands %j as %j', (written, meant) => expect(symbolNameOf(written)).toBe(meant));
