import type { Candle } from '../../src/core/candle.ts';
import { GeoBlockedError, SymbolNotTradingError, UnknownSymbolError } from '../../src/core/errors.ts';
import { describe, expect } from 'vitest';
import { watchable$ } from '../../src/cli/watchable.ts';
import { candle } from '../support/candle.ts';
import { marbles } from '../support/marbles.ts';

const minutes = { 1: candle(1), 2: candle(2) };
const unknown = new UnknownSymbolError('NOSUCH', 'binance-usdm');
const gone = new SymbolNotTradingError('GONE', 'SETTLED');

describe('watchable$', () => {
  marbles('goes on without a series that cannot be watched', ({ cold, expectObservable, flush }) => {
    const told: string[] = [];
    const a = cold<Candle>('     -1---2|', minutes);
    const b = cold<Candle>('     --#', {}, unknown);
    expectObservable(watchable$([a, b], (why) => told.push(why))).toBe('-1---2|', minutes);
    flush();
    expect(told).toEqual([unknown.message]);
  });

  marbles('ends when none can be, and tells each reason once', ({ cold, expectObservable, flush }) => {
    const told: string[] = [];
    const series = [unknown, unknown, gone].map((error, n) => cold<Candle>(`${'-'.repeat(n)}#`, {}, error));
    const none = new Error('none of these series can be watched');
    expectObservable(watchable$(series, (why) => told.push(why))).toBe('--#', {}, none);
    flush();
    expect(told).toEqual([unknown.message, gone.message]);
  });

  marbles('ends with the error of the only series, untold', ({ cold, expectObservable }) => {
    const only = cold<Candle>('-#', {}, unknown);
    expectObservable(watchable$([only], () => expect.unreachable())).toBe('-#', {}, unknown);
  });

  marbles('ends with an error that is not about one series', ({ cold, expectObservable }) => {
    const blocked = new GeoBlockedError('https://example.test');
    const series = [cold<Candle>('-1', minutes), cold<Candle>('--#', {}, blocked)];
    expectObservable(watchable$(series, () => expect.unreachable())).toBe('-1#', minutes, blocked);
  });
});
