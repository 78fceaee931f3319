import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimal, toNumber, ZERO } from '../../src/core/decimal.ts';

const sumOf = (parts: readonly number[]): number => toNumber(parts.reduce(addDecimal, ZERO));

/** `12.05` as 1205 hundredths, written by hand so that it shares nothing with what it checks. */
const figure = (units: bigint, decimals: number): number => {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  return Number(`${units < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`);
};

describe('a sum of figures', () => {
  it.each<[readonly number[], number]>([
    [[], 0],
    [[0.1, 0.2], 0.3],
    [[0.1, 0.2, 0.3, -0.6], 0],
    [[1.005, 2.01, 3], 6.015],
    [[1e-7, 2e-7], 3e-7],
    [[5e-324, 5e-324], 1e-323],
    [[1e21, 1e21], 2e21],
    [[1e21, 1e-8, -1e21], 1e-8],
    [[9007199254740991, 1, 1], 9007199254740993],
    [[1234567.12345678, 2345678.23456789, 345678901.3456789], 349259146.70370357],
    [[45035996.27370496, 45035996.27370495], 90071992.54740991],
    [[1.7976931348623157e308, 1.7976931348623157e308], Infinity],
  ])('of %j is %d', (parts, sum) => {
    expect(sumOf(parts)).toBe(sum);
  });

  it.each([NaN, Infinity, -Infinity])('is no number once a part is %d', (odd) => {
    expect(sumOf([0.1, odd, 0.25, 1e300, 1e-300])).toBeNaN();
  });

  it('is the decimal sum of what was written, whatever the order, without a digit more', () => {
    const part = fc.record({ units: fc.bigInt(-(10n ** 14n), 10n ** 14n), decimals: fc.integer({ min: 0, max: 8 }) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const exact = parts.reduce((sum, { units, decimals }) => sum + units * 10n ** BigInt(8 - decimals), 0n);
        expect(sumOf(parts.map(({ units, decimals }) => figure(units, decimals)))).toBe(figure(exact, 8) + 0);
      }),
    );
  });

  it('adds any two numbers as their shortest texts', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -20, max: 20 }), fc.integer(), (a, exponent, b) => {
        const [x, y] = [Number(`${a}e${exponent}`), Number(`${b}e${exponent}`)];
        expect(sumOf([x, y])).toBe(Number(`${a + b}e${exponent}`) + 0);
      }),
    );
  });
});
