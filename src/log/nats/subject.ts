import type { SeriesPattern } from '../../ports/candle-log.ts';

/**
 * Every token is percent-encoded but for letters, digits, `-` and `_`: subjects have meanings for `.`, `*`, `>` and blanks,
 * and symbols have all kinds of characters (`BTC/USDT:USDT`, `币安人生USDT`).
 */
export function tokenOf(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*.~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The subject of a series, or the pattern of subjects that match: `candles.okx.*.1m`. */
export function subjectOf(prefix: string, { venue, symbol, interval }: SeriesPattern): string {
  return [prefix, ...[venue, symbol, interval].map((part) => (part === undefined ? '*' : tokenOf(part)))].join('.');
}

/** Most subjects that are asked for one by one. */
const MOST = 8;

/**
 * What to ask for so that all of these come: each pattern, or where they are too many, what they have in common.
 * nats-server before 2.10 takes one filter for each consumer.
 */
export function askedFor(patterns: readonly SeriesPattern[], most = MOST): readonly SeriesPattern[] {
  if (patterns.length <= most) return patterns;
  const common = <K extends keyof SeriesPattern>(key: K): SeriesPattern[K] | undefined => {
    const values = new Set(patterns.map((pattern) => pattern[key]));
    return values.size === 1 ? patterns[0]?.[key] : undefined;
  };
  return [{ venue: common('venue'), symbol: common('symbol'), interval: common('interval') }];
}
