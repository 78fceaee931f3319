import type { Interval } from '../../core/interval.ts';

/**
 * Bybit's names of the candle lengths: minutes up to half a day, then letters. It has no `1s`, `8h` or `3d`.
 *
 * @see https://bybit-exchange.github.io/docs/v5/enum#interval, read on 2026-07-24
 */
const CODES = {
  '1m': '1', '3m': '3', '5m': '5', '15m': '15', '30m': '30', '1h': '60', '2h': '120', '4h': '240', '6h': '360',
  '12h': '720', '1d': 'D', '1w': 'W', '1M': 'M',
} as const satisfies { readonly [I in Interval]?: string }; // prettier-ignore

const NAMES = new Map(Object.entries(CODES).map(([interval, code]) => [code as string, interval as Interval]));

/** All candle lengths of Bybit, shortest first. */
export const BYBIT_INTERVALS = Object.keys(CODES) as readonly Interval[];

/** As Bybit writes an interval; one that it lacks is written as it stands, and refused by Bybit. */
export function codeOf(interval: Interval): string {
  return interval in CODES ? CODES[interval as keyof typeof CODES] : interval;
}

/** Undefined for what is no interval of Bybit's. */
export function intervalOf(code: unknown): Interval | undefined {
  return typeof code === 'string' ? NAMES.get(code) : undefined;
}
