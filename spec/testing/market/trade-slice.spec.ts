import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptySlice, splitSlice, Sum, type TradeSlice } from '../../../src/testing/market/trade-slice.ts';
import { createRandom } from '../../../src/testing/market/random.ts';

const joined = (slices: readonly TradeSlice[]): TradeSlice | undefined => {
  const sum = new Sum();
  slices.forEach((slice) => {
    sum.add(slice);
  });
  return sum.total;
};

const slices = fc
  .record({
    before: fc.integer({ min: 50, max: 5000 }),
    open: fc.integer({ min: 50, max: 5000 }),
    close: fc.integer({ min: 50, max: 5000 }),
    above: fc.integer({ min: 0, max: 90 }),
    below: fc.integer({ min: 0, max: 49 }),
    trades: fc.integer({ min: 1, max: 3000 }),
    lots: fc.integer({ min: 1, max: 100_000 }),
    taken: fc.double({ min: 0, max: 1, noNaN: true }),
    firstTrade: fc.nat(1e9),
  })
  .map(({ above, below, taken, ...slice }): TradeSlice => {
    const lots = Math.max(slice.trades, slice.lots);
    const takerLots = Math.round(lots * taken);
    const [high, low] = [Math.max(slice.open, slice.close) + above, Math.min(slice.open, slice.close) - below];
    return { ...slice, lots, takerLots, high, low, quote: lots * 7, takerQuote: takerLots * 7 };
  });

describe('splitSlice', () => {
  it('cuts a slice into parts that join to exactly the same slice', () => {
    fc.assert(
      fc.property(
        slices,
        fc.constantFrom(4, 24, 60),
        fc.constantFrom(0, 0.3, 0.95),
        fc.nat(),
        (whole, parts, empty, seed) => {
          const cut = splitSlice(whole, { parts, empty, random: createRandom(seed) });
          expect(cut).toHaveLength(parts);
          expect(joined(cut)).toEqual({ ...whole, firstTrade: whole.firstTrade });
        },
      ),
    );
  });

  it('keeps every part a sound candle that starts where the last one ended', () => {
    fc.assert(
      fc.property(slices, fc.constantFrom(0, 0.5), fc.nat(), (whole, empty, seed) => {
        let last = whole.before;
        for (const part of splitSlice(whole, { parts: 60, empty, random: createRandom(seed) })) {
          expect(part.before).toBe(last);
          expect(part.low).toBeLessThanOrEqual(Math.min(part.open, part.close));
          expect(part.high).toBeGreaterThanOrEqual(Math.max(part.open, part.close));
          expect(part.takerLots).toBeLessThanOrEqual(part.lots);
          if (part.trades === 0) expect(part).toEqual(emptySlice(last, part.firstTrade));
          last = part.close;
        }
      }),
    );
  });

  it('cuts an empty slice into empty ones at the same price', () => {
    const cut = splitSlice(emptySlice(42, 9), { parts: 3, empty: 0, random: createRandom(1) });
    expect(cut).toEqual([emptySlice(42, 9), emptySlice(42, 9), emptySlice(42, 9)]);
  });
});

describe('Sum', () => {
  it('leaves empty slices out of open, high and low', () => {
    const busy: TradeSlice = {
      ...emptySlice(10, 0),
      open: 20,
      high: 22,
      low: 19,
      close: 21,
      lots: 3,
      quote: 60,
      trades: 2,
    };
    const sum = joined([emptySlice(10, 0), busy, emptySlice(21, 2)]);
    expect(sum).toEqual({ ...busy, before: 10 });
  });

  it('is flat at the last price when everything is empty', () => {
    expect(joined([emptySlice(10, 0), emptySlice(10, 0)])).toEqual(emptySlice(10, 0));
  });
});
