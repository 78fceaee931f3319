import { expect, it } from 'vitest';
import { pairsOf } from '../../../src/venues/gate/pairs.ts';

/** The example of the documentation, copy of 2026-06-28. */
const LINE = {
  id: 'ETH_USDT', base: 'ETH', quote: 'USDT', fee: '0.2', amount_precision: 3, precision: 6, trade_status: 'tradable',
  sell_start: 1516378650, buy_start: 1516378651, delisting_time: 0,
}; // prettier-ignore
const one = (line: unknown) => {
  const parsed = pairsOf([line]);
  return parsed.ok ? parsed.value.symbols[0] : undefined;
};

it('reads a line', () => {
  expect(one(LINE)).toEqual({
    symbol: 'ETH_USDT', status: 'tradable', phase: 'trading', base: 'ETH', quote: 'USDT', listingTime: 1_516_378_650_000,
    deliveryTime: null, priceStep: 1e-6, quantityStep: 1e-3,
  }); // prettier-ignore
  expect(one({ ...LINE, delisting_time: 1_700_000_000 })?.deliveryTime).toBe(1_700_000_000_000);
});

it.each([
  ['buyable', 'trading'],
  ['sellable', 'trading'],
  ['untradable', 'paused or ended'],
  ['something new', 'paused'],
  ['toString', 'paused'],
])('takes %s for %s', (status, phase) => expect(one({ ...LINE, trade_status: status })?.phase).toBe(phase));

it('leaves out what cannot be read, and refuses a list of nothing else', () => {
  expect(pairsOf([LINE, { id: 'X' }, 7])).toMatchObject({ ok: true, value: { symbols: [{}] } });
  expect([pairsOf([7]).ok, pairsOf({}).ok, pairsOf([]).ok]).toEqual([false, false, true]);
});
