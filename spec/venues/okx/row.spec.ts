import { describe, expect, it } from 'vitest';
import { isDerivative, openTimeOf, readRow } from '../../../src/venues/okx/row.ts';

const PRICES = ['1747094040000', '102806.1', '102820.4', '102800', '102810'];
const read = (symbol: string, ...columns: unknown[]) =>
  readRow([...PRICES, ...columns], { symbol, interval: '1m', source: 'stream' });

describe('volumes', () => {
  it.each([
    ['BTC-USDT-SWAP', ['1040.37', '10.4037', '1069603.3', '1'], [10.4037, 1069603.3]],
    ['BTC-USD-SWAP', ['166', '0.554', '16600', '1'], [0.554, 16600]],
    ['BTC-USDT-261225', ['166', '1.66', '170000', '1'], [1.66, 170000]],
    ['BTC-USDT', ['0.0111536', '333.8', '333.8', '1'], [0.0111536, 333.8]],
    ['BTC-USD-220624', ['166', '0.554'], [0.554, null]],
    ['BTC-USDT', ['0.0111536', '333.86246417'], [0.0111536, 333.86246417]],
  ] as const)('of %s %j are in the base and the quote asset', (symbol, columns, volumes) => {
    const { candle } = read(symbol, ...columns);
    expect([candle?.volume, candle?.quoteVolume]).toEqual(volumes);
    expect([candle?.trades, candle?.takerBuyVolume, candle?.takerBuyQuoteVolume]).toEqual([null, null, null]);
  });

  it('by the number of parts of a name', () => {
    expect(['BTC-USDT', 'BTC-USDT-SWAP', 'BTC-USD-260925'].map(isDerivative)).toEqual([false, true, true]);
  });
});

it('is closed, running, or does not say so', () => {
  expect(read('A-B', '1', '1', '1', '1')).toMatchObject({
    finality: 'final',
    candle: { closeTime: 1_747_094_099_999 },
  });
  expect(read('A-B', '1', '1', '1', '0')).toMatchObject({ finality: 'running' });
  expect(read('A-B', '1', '1')).toMatchObject({ finality: 'unknown' });
  expect(read('A-B', '1', '1', '1', '1', 'something new')).toMatchObject({ finality: 'final' });
});

it.each([
  [['1', '1', '1', '2'], 'confirm is neither 0 nor 1'],
  [['1'], 'a row of 6 columns'],
  [['x', '1', '1', '1'], 'a volume is not a number'],
])('with %j is no candle: %s', (columns, reason) => expect(read('A-B', ...columns)).toEqual({ reason }));

it('opens at a time, or is no row', () => {
  expect([['1747094040000'], ['0'], ['x'], [], ['1747094040000000']].map(openTimeOf)).toEqual(
    [1_747_094_040_000, undefined, undefined, undefined, undefined],
  ); // prettier-ignore
  expect(readRow(['x'], { symbol: 'A-B', interval: '1m', source: 'stream' })).toEqual({ reason: 'ts is not a time' });
});
