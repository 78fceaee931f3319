import { ConfigError } from '../core/errors.ts';
import { isRecord } from '../core/schema.ts';
import type { CandleSeries } from '../ports/candle-store.ts';
import { VENUES, connectorOf } from './registry.ts';

/**
 * The same series with its symbol as the venue spells it; what is no symbol there stays as it is.
 *
 * @throws ConfigError for what names no series
 */
export function spelled<S extends Pick<CandleSeries, 'venue' | 'symbol'>>(series: S): S {
  if (!isRecord(series) || typeof series.venue !== 'string' || typeof series.symbol !== 'string')
    throw new ConfigError([`series: must be { venue, symbol, interval }, got ${JSON.stringify(series)}`]);
  const symbol = connectorOf(series.venue)?.symbolOf(series.symbol);
  return symbol === undefined || symbol === series.symbol ? series : { ...series, symbol };
}

/** Whether a text names a market. */
export function isVenue(text: string): boolean {
  return Object.hasOwn(VENUES, text) || /^ccxt:[a-z0-9]+$/.test(text);
}

/** One series or many, each once. */
export function seriesIn(series: CandleSeries | readonly CandleSeries[]): readonly CandleSeries[] {
  const all = Array.isArray(series) ? (series as readonly CandleSeries[]) : [series as CandleSeries];
  const named = all.map(spelled).map((one) => [keyOf(one), one] as const);
  return [...new Map(named).values()];
}

/** Two series differ if their keys do; the order of keys is that of `replay$`. */
export function keyOf(series: CandleSeries): string {
  if (series === last.series) return last.key;
  const { venue, symbol, interval } = series;
  const key = `${venue} ${symbol} ${interval}`;
  if (Object.isFrozen(series)) last = { series, key };
  return key;
}

/** A thousand readers ask for the key of one candle, one after the other: to make and to hash it is what costs. */
let last: { readonly series: CandleSeries | undefined; readonly key: string } = { series: undefined, key: '' };
