/**
 * An exact sum of decimal figures: `units · 10^−decimals`. The units are a `number` while that is exact, a `bigint`
 * beyond, and `NaN` once a part was not finite.
 */
export interface DecimalSum {
  readonly units: number | bigint;
  readonly decimals: number;
}

export const ZERO: DecimalSum = { units: 0, decimals: 0 };

/** Up to 15 digits a decimal and its nearest `number` name each other. */
const MAX_PART_UNITS = 1e15;

/** Powers of ten up to 10^22 are exact numbers. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${String(exponent)}`));

/**
 * `sum + value`, where `value` stands for the shortest decimal that reads back as this number: the exchange wrote 0.1,
 * and 0.1 is meant, not the binary fraction next to it. So a sum has no more decimals than its parts.
 */
export function addDecimal(sum: DecimalSum, value: number): DecimalSum {
  const units = unitsOf(value, sum.decimals);
  return units === null ? addRescaled(sum, value) : { units: plus(sum.units, units), decimals: sum.decimals };
}

/** The `number` nearest to the exact sum. */
export function toNumber({ units, decimals }: DecimalSum): number {
  const power = POWERS[decimals];
  if (typeof units === 'number' && power !== undefined) return units / power;
  return Number(`${String(units)}e-${String(decimals)}`);
}

/** `value` as a whole number of 10^−decimals; null when it is none, or has more digits than a `number` is sure of. */
function unitsOf(value: number, decimals: number): number | null {
  const power = POWERS[decimals] ?? NaN;
  const units = Math.round(value * power);
  return Math.abs(units) <= MAX_PART_UNITS && units / power === value ? units : null;
}

function plus(a: number | bigint, b: number): number | bigint {
  if (typeof a === 'bigint') return a + BigInt(b);
  const sum = a + b;
  return Number.isSafeInteger(sum) || Number.isNaN(a) ? sum : BigInt(a) + BigInt(b);
}

/** For a part with more decimals than the sum so far, or with very many digits. */
function addRescaled(sum: DecimalSum, value: number): DecimalSum {
  if (!Number.isFinite(value) || Number.isNaN(sum.units)) return { units: NaN, decimals: 0 };
  const part = parse(value);
  const decimals = Math.max(sum.decimals, part.decimals);
  const units = rescaled(sum, decimals) + rescaled(part, decimals);
  const narrow = Number(units);
  return { units: Number.isSafeInteger(narrow) ? narrow : units, decimals };
}

/** Reads the shortest text of a number: `12.5`, `1e-7`, `1.5e+21`. */
function parse(value: number): DecimalSum {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return decimals >= 0 ? { units, decimals } : { units: units * 10n ** BigInt(-decimals), decimals: 0 };
}

function rescaled({ units, decimals }: DecimalSum, toDecimals: number): bigint {
  return BigInt(units) * 10n ** BigInt(toDecimals - decimals);
}
