import { expect, it } from 'vitest';
import { instrumentsOf } from '../../../src/venues/okx/instruments.ts';

const SPOT = {
  instType: 'SPOT', instId: 'BTC-USDT', uly: '', baseCcy: 'BTC', quoteCcy: 'USDT', settleCcy: '', listTime: '1548133413000',
  expTime: '', tickSz: '0.1', lotSz: '0.00000001', state: 'live',
}; // prettier-ignore
const FUTURE = {
  instType: 'FUTURES', instId: 'BTC-USD-261225', uly: 'BTC-USD', baseCcy: '', quoteCcy: '', settleCcy: 'BTC',
  listTime: '1719302400000', expTime: '1798185600000', tickSz: '0.1', lotSz: '0.1', state: 'live',
}; // prettier-ignore
const one = (line: unknown) => {
  const parsed = instrumentsOf([line], undefined);
  return parsed.ok ? parsed.value.symbols[0] : undefined;
};

it('reads a line of spot, and of a future, whose assets stand in its underlying', () => {
  expect(one(SPOT)).toEqual({
    symbol: 'BTC-USDT', status: 'live', phase: 'trading', base: 'BTC', quote: 'USDT', listingTime: 1_548_133_413_000,
    deliveryTime: null, priceStep: 0.1, quantityStep: 1e-8,
  }); // prettier-ignore
  expect(one(FUTURE)).toMatchObject({ base: 'BTC', quote: 'USD', deliveryTime: 1_798_185_600_000, quantityStep: 0.1 });
});

it.each([
  ['live', 'trading'],
  ['post_only', 'trading'],
  ['suspend', 'paused'],
  ['rebase', 'paused'],
  ['preopen', 'paused'],
  ['test', 'paused'],
  ['settling', 'paused'],
  ['toString', 'paused'],
  ['expired', 'ended'],
])('takes %s for %s', (state, phase) => expect(one({ ...SPOT, state })?.phase).toBe(phase));

it('leaves out what cannot be read, and refuses a list of nothing else', () => {
  expect(instrumentsOf([SPOT, { instId: 'X' }, 7], 'SWAP')).toMatchObject({ ok: true, value: { symbols: [{}], next: 'SWAP' } }); // prettier-ignore
  expect(instrumentsOf([7], undefined).ok).toBe(false);
  expect(instrumentsOf(undefined, undefined).ok).toBe(false);
  expect(instrumentsOf([], undefined)).toEqual({ ok: true, value: { symbols: [] } });
});
