import type { EpochMs } from './candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from './interval.ts';
import type { PageRules, Span } from './page.ts';

export type SearchRules = Pick<PageRules, 'pagesFrom' | 'maxSpanMs'>;

/** How far the search for the first candle of a series has come. */
export interface Search extends Span {
  readonly interval: Interval;
  /** An answer said that there is nothing before it. */
  readonly low: EpochMs;
  /** The earliest open time seen; null for none. */
  readonly earliest: EpochMs | null;
  /** While none has been seen: how far the looking back has come. */
  readonly back: EpochMs;
  /** Answers in a row that said there is nothing before `earliest`, or nothing at all. */
  readonly nothing: number;
  /** Whether the last answer came without the candle that it should have shown. */
  readonly inVain: boolean;
}

/** One request, and what its answer teaches. */
export interface Look {
  readonly request: Span;
  /** How many rows to ask for. */
  readonly rows: number;
  /** This place has been looked at just now. */
  readonly pause: boolean;
  /** @param openTime - of the first row that came; undefined for none */
  readonly learn: (openTime: EpochMs | undefined) => Search;
}

/** Answers that must agree before nothing is believed. */
const LOOKS = 3;

export function isFound(search: Search): boolean {
  return search.nothing >= LOOKS || (search.earliest !== null && search.earliest <= search.from);
}

/** A search that knows nothing yet. */
export function newSearch(span: Span, interval: Interval): Search {
  return { ...span, interval, low: span.from, earliest: null, back: span.before, nothing: 0, inVain: false };
}

/** The next place to look at. */
export function nextLook(search: Search, rules: SearchRules): Look {
  return search.earliest === null ? anyCandle(search, rules) : earlierCandle(search, search.earliest, rules);
}

/** Looks back from the end in the longest steps the market takes, again from the end when it has found nothing. */
function anyCandle(search: Search, rules: SearchRules): Look {
  const { from, before, back, nothing } = search;
  const start = Math.max(from, back - rules.maxSpanMs);
  const stepped = start > from ? { ...search, back: start } : { ...search, back: before, nothing: nothing + 1 };
  return {
    request: { from: start, before: back },
    rows: 1,
    pause: nothing > 0 && back === before,
    learn: (openTime) => (openTime === undefined ? stepped : { ...search, earliest: openTime, nothing: 0 }),
  };
}

/** Halves what may lie before the earliest candle known; when too little is left for another, makes sure of it. */
function earlierCandle(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  const { from, low } = search;
  const isHalving = rules.pagesFrom === 'newest' && earliest - low > SHORTEST_LENGTH_MS[search.interval];
  if (!isHalving) return lastLook(search, earliest, rules);
  const end = low + Math.ceil((earliest - low) / 2);
  return {
    request: { from: Math.max(from, end - rules.maxSpanMs), before: end },
    rows: 1,
    pause: false,
    learn: (openTime) => (openTime === undefined ? { ...search, low: end } : found(search, openTime)),
  };
}

/** Asks for the earliest candle together with what may lie before it: an answer without that candle proves nothing. */
function lastLook(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  const { from, nothing, inVain } = search;
  return {
    request: { from: Math.max(from, earliest + 1 - rules.maxSpanMs), before: earliest + 1 },
    rows: 2,
    pause: nothing > 0 || inVain,
    learn: (openTime) => {
      if (openTime === undefined) return { ...search, inVain: true };
      return openTime < earliest ? found(search, openTime) : { ...search, nothing: nothing + 1, inVain: false };
    },
  };
}

/** A candle below `low` proves that the answer behind `low` was wrong. */
function found(search: Search, openTime: EpochMs): Search {
  const low = openTime < search.low ? search.from : search.low;
  return { ...search, low, earliest: openTime, nothing: 0, inVain: false };
}
