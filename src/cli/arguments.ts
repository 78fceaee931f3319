import { InvalidArgumentError } from 'commander';
import { closestWord, VENUE_IDS } from '../configuration.ts';
import { parseInterval, type Interval, type VenueId } from '../index.ts';

/** For options that may be repeated or hold a list: `--interval 1m,5m --interval 1h`. */
export function addIntervals(text: string, before: readonly Interval[] = []): readonly Interval[] {
  const added = text.split(',').map((word) => {
    try {
      return parseInterval(word);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  });
  return [...new Set([...before, ...added])];
}

export function addSymbols(text: string, before: readonly string[] = []): readonly string[] {
  const added = text.split(',').map((word) => word.trim());
  if (added.includes('')) throw new InvalidArgumentError('a symbol must not be empty');
  // Any case is understood, so two spellings of one symbol are one.
  return added.reduce((all, word) => (all.some((other) => isSame(other, word)) ? all : [...all, word]), before);
}

/** Which exchanges ccxt has, it alone knows. */
export function toVenue(text: string): VenueId {
  if (/^ccxt:[a-z0-9]+$/.test(text)) return text as VenueId;
  const venue = VENUE_IDS.find((id) => id === text);
  if (venue !== undefined) return venue;
  const meant = closestWord(text, VENUE_IDS);
  const hint = meant === undefined ? '' : ` (Did you mean ${meant}?)`;
  throw new InvalidArgumentError(`Allowed choices are ${VENUE_IDS.join(', ')}, ccxt:<exchange>.${hint}`);
}

export function toCount(text: string): number {
  return wholeNumber(text, 1);
}

export function toAmount(text: string): number {
  return wholeNumber(text, 0);
}

export function toStreamUrl(text: string): string {
  return urlWith(text, ['ws:', 'wss:']);
}

export function toRestUrl(text: string): string {
  return urlWith(text, ['http:', 'https:']);
}

function urlWith(text: string, protocols: readonly string[]): string {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  throw new InvalidArgumentError(`it must be a URL starting with ${protocols.join('// or ')}//`);
}

function wholeNumber(text: string, least: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new InvalidArgumentError(`it must be a whole number of at least ${least}`);
}

function isSame(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}
