import { expect, it } from 'vitest';
import { unifiedOf } from '../../src/venues/unified-symbol.ts';

it.each([
  ['BTC/USDT', { base: 'BTC', quote: 'USDT' }],
  ['BTC/USDT:USDT', { base: 'BTC', quote: 'USDT', settle: 'USDT' }],
  ['BTC/USD:BTC-261225', { base: 'BTC', quote: 'USD', settle: 'BTC', expiry: '261225' }],
])('%s', (symbol, parts) => expect(unifiedOf(symbol)).toEqual(parts));

it.each(['BTCUSDT', 'A/', '/B', 'A/B/C', 'A/B:', 'A/B:B-2612', 'A/B:B-261225-1-C', ''])('%j is none', (symbol) => {
  expect(unifiedOf(symbol)).toBeUndefined();
});
