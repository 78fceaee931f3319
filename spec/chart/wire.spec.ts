import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idOf, marksOf } from '../../src/chart/marks.ts';
import { keyOf, seriesOf } from '../../src/chart/wire.ts';

const symbol = fc.string({ minLength: 1, maxLength: 20 });
const interval = fc.constantFrom('1m', '7m', '1M', '90m');

it('names a series by its symbol, whatever the exchange calls it, and its interval', () => {
  expect(seriesOf('BTC/USDT:USDT:1m')).toEqual({ symbol: 'BTC/USDT:USDT', interval: '1m' });
  fc.assert(fc.property(symbol, interval, (name, length) => {
    expect(seriesOf(keyOf({ symbol: name, interval: length }))).toEqual({ symbol: name, interval: length });
  })); // prettier-ignore
});

it('says in plain ASCII how far a page has got, and reads it again', () => {
  const key = fc.tuple(symbol, interval).map(([name, length]) => `${name}:${length}`);
  const marks = fc.array(fc.tuple(key, fc.nat({ max: 4e12 }))).map((entries) => new Map(entries));
  fc.assert(fc.property(marks, (given) => {
    const id = idOf(given);
    expect(id).toMatch(/^[\x21-\x7e]*$/);
    expect(marksOf(id)).toEqual(given);
  })); // prettier-ignore
});

it('leaves out what it cannot read', () => {
  expect(marksOf('BTCUSDT%3A1m=soon&ETHUSDT%3A1m=60000&x=-1')).toEqual(new Map([['ETHUSDT:1m', 60_000]]));
});
