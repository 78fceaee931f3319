import { INTERVALS } from '../core/interval.ts';
import { ConfigError } from '../core/errors.ts';
import type { CandleSeries, SeriesPattern } from '../ports/candle-log.ts';
import { isVenue, spelled } from '../venues/series-key.ts';

const KEYS: readonly string[] = ['venue', 'symbol', 'interval'];

/**
 * One pattern or many, each once, symbols as their venues spell them.
 *
 * @throws ConfigError that lists every problem
 */
export function patternsIn(series: SeriesPattern | readonly SeriesPattern[]): readonly SeriesPattern[] {
  const all = Array.isArray(series) ? (series as readonly SeriesPattern[]) : [series as SeriesPattern];
  const problems = all.flatMap(problemsOf);
  if (all.length === 0) problems.push('series: must be at least one');
  if (problems.length > 0) throw new ConfigError(problems);
  return [...new Map(all.map(spelledPattern).map((one) => [nameOf(one), one])).values()];
}

function problemsOf({ venue, interval, ...others }: SeriesPattern): string[] {
  const unknown = Object.keys(others).filter((key) => !KEYS.includes(key));
  return [
    ...unknown.map((key) => `series.${key}: is not one of ${KEYS.join(', ')}`),
    ...(venue === undefined || isVenue(venue) ? [] : [`series.venue: is not a venue, got ${JSON.stringify(venue)}`]),
    ...(interval === undefined || INTERVALS.includes(interval)
      ? []
      : [`series.interval: is not one of ${INTERVALS.join(' ')}, got ${JSON.stringify(interval)}`]),
  ];
}

/** Without a venue a symbol is taken as it is. */
function spelledPattern(pattern: SeriesPattern): SeriesPattern {
  const { venue, symbol } = pattern;
  return venue === undefined || symbol === undefined ? pattern : spelled({ ...pattern, venue, symbol });
}

/** Whether a pattern names exactly one series. */
export function isOneSeries(pattern: SeriesPattern): pattern is CandleSeries {
  return pattern.venue !== undefined && pattern.symbol !== undefined && pattern.interval !== undefined;
}

export function matches(pattern: SeriesPattern, series: CandleSeries): boolean {
  return (
    (pattern.venue ?? series.venue) === series.venue &&
    (pattern.symbol ?? series.symbol) === series.symbol &&
    (pattern.interval ?? series.interval) === series.interval
  );
}

/** For messages: `okx * 1m`. */
export function nameOf({ venue, symbol, interval }: SeriesPattern): string {
  return `${venue ?? '*'} ${symbol ?? '*'} ${interval ?? '*'}`;
}
