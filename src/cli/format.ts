import { FIELDS, type Candle } from '../index.ts';

/** How candles are written. */
export interface Format {
  /** Written before the first candle; ends with a line break unless empty. */
  readonly head: string;
  /** One candle, with its line break. */
  line(candle: Candle): string;
}

/** One JSON object per line. */
export const ndjson: Format = { head: '', line: (candle) => `${JSON.stringify(candle)}\n` };

/** RFC 4180 with a header; the fields of `Candle` under their own names, times in ms since epoch, null as nothing. */
export const csv: Format = {
  head: `${FIELDS.join(',')}\n`,
  line: (candle) => `${FIELDS.map((field) => quoted(textOf(candle[field]))).join(',')}\n`,
};

function textOf(value: string | number | null): string {
  return typeof value === 'number' ? plain(value) : (value ?? '');
}

/** A number without exponent: `1e-7` is `0.0000001`. */
export function plain(value: number): string {
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(text) ?? [];
  if (whole === '') return text;
  const places = Number(exponent);
  if (places < 0) return `${sign}0.${'0'.repeat(-places - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(places, '0')}`;
}

/** A symbol may be any text of the exchange. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
