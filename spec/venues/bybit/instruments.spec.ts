import { describe, expect, it } from 'vitest';
import type { RestProtocol, SymbolPage } from '../../../src/ports/connector.ts';
import { bybitInverse, bybitLinear, bybitSpot } from '../../../src/venues/bybit/market.ts';
import { HAS_RECORDINGS } from '../../support/recordings.ts';
import { answerIn } from './recordings.ts';

const NOW = 1_791_382_920_000;

const pageOf = (symbols: ReturnType<RestProtocol['symbols']>, result: unknown): SymbolPage => {
  const parsed = symbols.parse({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: NOW });
  return parsed.ok ? parsed.value : expect.fail(parsed.reason);
};
const line = (symbol: string, status = 'Trading', more: object = {}) => ({ symbol, status, baseCoin: 'BTC', quoteCoin: 'USDT', ...more }); // prettier-ignore

describe('the symbol list of futures', () => {
  it('is asked for status by status, each to its last page; what trades comes after what has closed', () => {
    const { rest } = bybitLinear;
    const asked: unknown[] = [];
    const cursors = ['0%2C2', '0%2C2', '', '', '', ''];
    let cursor: string | undefined;
    do {
      const request = rest.symbols(cursor);
      asked.push(request.query);
      cursor = pageOf(request, { category: 'linear', list: [line('A')], nextPageCursor: cursors.shift() }).next;
    } while (cursor !== undefined);
    const query = { category: 'linear', limit: 1000 };
    expect(asked).toEqual([
      { ...query, status: 'Closed' },
      // Sent percent-encoded again, as it came. A cursor that comes twice ends its list.
      { ...query, status: 'Closed', cursor: '0,2' },
      { ...query, status: 'PreLaunch' },
      { ...query, status: 'Trading' },
      { ...query, status: 'Delivering' },
    ]);
  });

  it('may be empty in part, and is refused where no line can be read', () => {
    const request = bybitInverse.rest.symbols('PreLaunch');
    expect(pageOf(request, { list: [], nextPageCursor: 'x' })).toEqual({ symbols: [], next: 'Trading' });
    expect(request.parse({ retCode: 0, result: { list: [7] } }).ok).toBe(false);
  });

  it.each([
    ['Trading', 'trading'],
    ['PreLaunch', 'paused'],
    ['Settling', 'ended'],
    ['Delivering', 'ended'],
    ['Closed', 'ended'],
    ['SomethingNew', 'paused'],
    ['toString', 'paused'],
  ])('calls %s %s', (status, phase) => {
    expect(pageOf(bybitLinear.rest.symbols(), { list: [line('A', status)] }).symbols).toMatchObject([
      { status, phase },
    ]);
  });

  it('tells times and steps where they are set', () => {
    const contract = { launchTime: '1585526400000', deliveryTime: '0', priceFilter: { tickSize: '0.10' }, lotSizeFilter: { qtyStep: '0.001' } }; // prettier-ignore
    expect(pageOf(bybitLinear.rest.symbols(), { list: [line('BTCUSDT', 'Trading', contract)] }).symbols).toEqual([
      {
        symbol: 'BTCUSDT', status: 'Trading', phase: 'trading', base: 'BTC', quote: 'USDT', listingTime: 1_585_526_400_000,
        deliveryTime: null, priceStep: 0.1, quantityStep: 0.001,
      },
    ]); // prettier-ignore
  });
});

it('the symbol list of spot is one page of what trades', () => {
  const request = bybitSpot.rest.symbols();
  expect(request.query).toEqual({ category: 'spot' });
  const spot = line('BTCUSDT', 'Trading', { lotSizeFilter: { basePrecision: '0.000001' }, priceFilter: { tickSize: '0.1' } });
  const page = pageOf(request, { category: 'spot', list: [spot] });
  expect(page.next).toBeUndefined();
  expect(page.symbols).toMatchObject([{ phase: 'trading', quantityStep: 0.000001, listingTime: null, deliveryTime: null }]);
}); // prettier-ignore

it.skipIf(!HAS_RECORDINGS)('a recorded symbol list is read to its last line', () => {
  const page = pageOf(bybitLinear.rest.symbols('Trading'), (answerIn('rest-instruments-info-linear-2026-08-09.json.gz') as { result: unknown }).result); // prettier-ignore
  expect([page.symbols.length, page.next]).toEqual([800, 'Delivering']);
  expect(page.symbols.find(({ symbol }) => symbol === 'BTCPERP')).toMatchObject({ base: 'BTC', quote: 'USDC', deliveryTime: null }); // prettier-ignore
  expect(page.symbols.find(({ symbol }) => symbol === 'BTCUSDT-25DEC26')).toMatchObject({ deliveryTime: 1_798_185_600_000 }); // prettier-ignore
});
