import { customLengthOf } from '../core/custom-interval.ts';
import { isInterval, SHORTEST_LENGTH_MS } from '../core/interval.ts';
import { meantInterval } from '../core/parse-interval.ts';
import type { Connector, Venue } from '../ports/connector.ts';
import { VENUES } from './registry.ts';

/** What to take instead of an interval that a market lacks; empty where nobody knows. */
export function intervalHint(interval: unknown, venue: Venue): string {
  const others = siblingsOf(venue).filter(({ intervals }) => isInterval(interval) && intervals.includes(interval));
  if (others.length > 0) return `${others.map(({ id }) => id).join(', ')} has it`;
  const meant = meantInterval(interval);
  if (meant !== undefined && venue.intervals.includes(meant)) return `did you mean ${meant}?`;
  return isLonger(interval, venue) ? `resample('${interval}') makes it out of shorter candles` : '';
}

/** What to write instead of a text that is no symbol of this kind of market. */
export function writtenHint(written: unknown, venue: Venue): string {
  const known = siblingsOf(venue).flatMap((other) => {
    const symbol = other.symbolOf(written);
    return symbol === undefined ? [] : [`for ${other.id} it is ${symbol}`];
  });
  return [...known, `write it as the exchange does, like ${venue.hints.example}`].join('; ');
}

/** The other markets of the same exchange. */
function siblingsOf({ id }: Venue): readonly Connector[] {
  const exchange = `${id.split('-')[0] ?? id}-`;
  return Object.values(VENUES).filter((other) => other.id !== id && other.id.startsWith(exchange));
}

/** Whether it is a length that candles of this market can be joined to. */
function isLonger(interval: unknown, { intervals: [shortest = '1m'] }: Venue): interval is string {
  return typeof interval === 'string' && (customLengthOf(interval) ?? 0) > SHORTEST_LENGTH_MS[shortest];
}
