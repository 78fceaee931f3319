import type { Point } from '../wire.ts';
import { isCandle } from '../wire.ts';

/** Most decimals that a price is shown with. */
const MOST_DECIMALS = 10;
/** Candles that are looked at for their decimals. */
const SAMPLE = 200;

/** Decimals of a number as it is written: 3 for 0.125, 7 for 1e-7. */
export function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const decimals = (digits.split('.')[1] ?? '').length - Number(exponent);
  return Math.min(MOST_DECIMALS, Math.max(0, decimals));
}

/** Decimals of the prices of a series: of the exchange's price step, else the most that its candles have. */
export function priceDecimals(priceStep: number | null | undefined, points: readonly Point[]): number {
  if (priceStep !== null && priceStep !== undefined) return decimalsOf(priceStep);
  const prices = points.filter(isCandle).slice(-SAMPLE).flatMap(({ open, close }) => [open, close]); // prettier-ignore
  return prices.reduce((most, price) => Math.max(most, decimalsOf(price)), 0);
}

/** With separators of thousands, which make five digits readable. */
export function priceText(price: number, decimals: number): string {
  return price.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `+0.42 %`; from the close before. */
export function changeText(close: number, before: number | undefined): string {
  if (before === undefined || before === 0) return '';
  const percent = Number(((close / before - 1) * 100).toFixed(2)) + 0;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent).toFixed(2)} %`;
}

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 });

/** `12.35K`. */
export function volumeText(volume: number): string {
  return COMPACT.format(volume);
}
