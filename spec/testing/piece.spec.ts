import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPiece, splitPiece, Sum, type Piece } from '../../src/testing/piece.ts';
import { createRandom } from '../../src/testing/random.ts';

const joined = (pieces: readonly Piece[]): Piece | undefined => {
  const sum = new Sum();
  pieces.forEach((piece) => {
    sum.add(piece);
  });
  return sum.total;
};

const pieces = fc
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
  .map(({ above, below, taken, ...piece }): Piece => {
    const lots = Math.max(piece.trades, piece.lots);
    const takerLots = Math.round(lots * taken);
    const [high, low] = [Math.max(piece.open, piece.close) + above, Math.min(piece.open, piece.close) - below];
    return { ...piece, lots, takerLots, high, low, quote: lots * 7, takerQuote: takerLots * 7 };
  });

describe('splitPiece', () => {
  it('cuts a piece into parts that join to exactly the same piece', () => {
    fc.assert(
      fc.property(
        pieces,
        fc.constantFrom(4, 24, 60),
        fc.constantFrom(0, 0.3, 0.95),
        fc.nat(),
        (whole, parts, empty, seed) => {
          const cut = splitPiece(whole, { parts, empty, random: createRandom(seed) });
          expect(cut).toHaveLength(parts);
          expect(joined(cut)).toEqual({ ...whole, firstTrade: whole.firstTrade });
        },
      ),
    );
  });

  it('keeps every part a sound candle that starts where the last one ended', () => {
    fc.assert(
      fc.property(pieces, fc.constantFrom(0, 0.5), fc.nat(), (whole, empty, seed) => {
        let last = whole.before;
        for (const part of splitPiece(whole, { parts: 60, empty, random: createRandom(seed) })) {
          expect(part.before).toBe(last);
          expect(part.low).toBeLessThanOrEqual(Math.min(part.open, part.close));
          expect(part.high).toBeGreaterThanOrEqual(Math.max(part.open, part.close));
          expect(part.takerLots).toBeLessThanOrEqual(part.lots);
          if (part.trades === 0) expect(part).toEqual(emptyPiece(last, part.firstTrade));
          last = part.close;
        }
      }),
    );
  });

  it('cuts an empty piece into empty ones at the same price', () => {
    const cut = splitPiece(emptyPiece(42, 9), { parts: 3, empty: 0, random: createRandom(1) });
    expect(cut).toEqual([emptyPiece(42, 9), emptyPiece(42, 9), emptyPiece(42, 9)]);
  });
});

describe('Sum', () => {
  it('leaves empty pieces out of open, high and low', () => {
    const busy: Piece = { ...emptyPiece(10, 0), open: 20, high: 22, low: 19, close: 21, lots: 3, quote: 60, trades: 2 };
    const sum = joined([emptyPiece(10, 0), busy, emptyPiece(21, 2)]);
    expect(sum).toEqual({ ...busy, before: 10 });
  });

  it('is flat at the last price when everything is empty', () => {
    expect(joined([emptyPiece(10, 0), emptyPiece(10, 0)])).toEqual(emptyPiece(10, 0));
  });
});
