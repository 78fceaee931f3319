import { UnknownSymbolError, UnsupportedIntervalError } from '../core/errors.ts';
import type { Interval } from '../core/interval.ts';
import { intervalHint, writtenHint } from '../venues/hints.ts';
import type { Venue } from '../ports/connector.ts';
import type { SeriesName } from './series/series-name.ts';

/**
 * The series somebody asks for, as the venue spells it.
 *
 * @param written - the symbol in any case, or ccxt's unified symbol
 * @throws UnsupportedIntervalError, UnknownSymbolError
 */
export function checkedSeries(written: string, interval: Interval, venue: Venue): SeriesName {
  const { id, intervals } = venue;
  if (!intervals.includes(interval))
    throw new UnsupportedIntervalError(interval, intervals, intervalHint(interval, venue));
  const symbol = venue.symbolOf(written);
  if (symbol === undefined) throw new UnknownSymbolError(written, id, writtenHint(written, venue));
  return { symbol, interval };
}
