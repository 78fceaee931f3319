import { expect, it } from 'vitest';
import { symbolNameOf } from '../../../src/venues/bybit/symbol-name.ts';

const NONE = undefined;

it.each<[string, unknown, (string | undefined)[]]>([
  ['as the exchange writes it, in any case', ' btcusdt\n', ['BTCUSDT', 'BTCUSDT', 'BTCUSDT']],
  ['unified, of spot', 'BTC/USDT', ['BTCUSDT', NONE, NONE]],
  ['unified, of a USDT perpetual', 'BTC/USDT:USDT', [NONE, 'BTCUSDT', NONE]],
  ['unified, of a USDC perpetual', 'BTC/USDC:USDC', [NONE, 'BTCPERP', NONE]],
  ['unified, of a USDT future', 'ETH/USDT:USDT-261225', [NONE, 'ETHUSDT-25DEC26', NONE]],
  ['unified, of a USDC future', 'BTC/USDC:USDC-270305', [NONE, 'BTC-5MAR27', NONE]],
  ['unified, of an inverse perpetual', 'BTC/USD:BTC', [NONE, NONE, 'BTCUSD']],
  ['unified, of an inverse future', 'BTC/USD:BTC-270326', [NONE, NONE, 'BTCUSDH27']],
  ['unified, of an inverse future of no quarter', 'BTC/USD:BTC-261030', [NONE, NONE, NONE]],
  ['unified, of an option', 'BTC/USDT:USDT-261225-60000-C', [NONE, NONE, NONE]],
  ['of half a pair', 'BTC/', [NONE, NONE, NONE]],
  ['that is no text', 42, [NONE, NONE, NONE]],
])('a symbol %s', (_, written, meant) => {
  const venues = ['bybit-spot', 'bybit-linear', 'bybit-inverse'] as const;
  expect(venues.map((venue) => symbolNameOf(written, venue))).toEqual(meant);
}); // prettier-ignore
