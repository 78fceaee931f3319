import { customLengthOf } from '../core/custom-interval.ts';
import { isInterval } from '../core/interval.ts';
import { meantInterval } from '../core/parse-interval.ts';
import type { Connector } from '../ports/connector.ts';
import { VENUES } from './registry.ts';

/** What to take instead of an interval that a market lacks; empty where nobody knows. */
export function intervalHint(interval: unknown, { intervals }: Connector): string {
  const others = Object.values(VENUES).filter((venue) => isInterval(interval) && venue.intervals.includes(interval));
  if (others.length > 0) return `${others.map(({ id }) => id).join(', ')} has it`;
  const meant = meantInterval(interval);
  if (meant !== undefined && intervals.includes(meant)) return `did you mean ${meant}?`;
  const isMade = typeof interval === 'string' && customLengthOf(interval) !== undefined;
  return isMade ? `resample('${interval}') makes it out of shorter candles` : '';
}

/** What to write instead of a text that is no symbol of this kind of market. */
export function writtenHint(written: unknown, venue: Connector): string {
  const others = Object.values(VENUES).filter(({ id }) => id !== venue.id);
  const known = others.flatMap((other) => {
    const symbol = other.symbolOf(written);
    return symbol === undefined ? [] : [`for ${other.id} it is ${symbol}`];
  });
  return [...known, `write it as the exchange does, like ${venue.hints.example}`].join('; ');
}
