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
  const decimals = decimalsOf(value, sum.decimals);
  if (decimals === null) return addParsed(sum, value);
  const units = Math.round(value * powerOf(decimals));
  const wider = decimals === sum.decimals ? sum.units : rescaled(sum, decimals);
  return { units: plus(wider, units), decimals };
}

/** The `number` nearest to the exact sum. */
export function toNumber({ units, decimals }: DecimalSum): number {
  const isExact = typeof units === 'number' && decimals < POWERS.length;
  return isExact ? units / powerOf(decimals) : Number(`${String(units)}e-${String(decimals)}`);
}

/** How many decimals, `atLeast` or more, make the number a whole one that names it; null when it has too many digits. */
function decimalsOf(value: number, atLeast: number): number | null {
  for (let decimals = atLeast; decimals < POWERS.length; decimals += 1) {
    const units = Math.round(value * powerOf(decimals));
    if (!(Math.abs(units) <= MAX_PART_UNITS)) return null;
    if (units / powerOf(decimals) === value) return decimals;
  }
  return null;
}

function plus(a: number | bigint, b: number): number | bigint {
  if (typeof a === 'bigint') return a + BigInt(b);
  const sum = a + b;
  return Number.isSafeInteger(sum) || Number.isNaN(a) ? sum : BigInt(a) + BigInt(b);
}

/** The way that always works; slower. */
function addParsed(sum: DecimalSum, value: number): DecimalSum {
  if (!Number.isFinite(value) || Number.isNaN(sum.units)) return { units: NaN, decimals: 0 };
  const part = parse(value);
  const decimals = Math.max(sum.decimals, part.decimals);
  return { units: BigInt(rescaled(sum, decimals)) + BigInt(rescaled(part, decimals)), decimals };
}

/** Reads the shortest text of a number: `12.5`, `1e-7`, `1.5e+21`. */
function parse(value: number): DecimalSum {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return decimals >= 0 ? { units, decimals } : { units: units * 10n ** BigInt(-decimals), decimals: 0 };
}

function rescaled({ units, decimals }: DecimalSum, toDecimals: number): number | bigint {
  if (typeof units === 'bigint') return units * 10n ** BigInt(toDecimals - decimals);
  const wider = units * powerOf(toDecimals - decimals);
  return Number.isSafeInteger(wider) || Number.isNaN(units)
    ? wider
    : BigInt(units) * 10n ** BigInt(toDecimals - decimals);
}

/** 10^exponent, exact; NaN beyond 10^22. */
export function powerOf(exponent: number): number {
  return POWERS[exponent] ?? NaN;
}
