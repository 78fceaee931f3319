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
}

/** One request for one row, and what its answer teaches. */
export interface Look {
  readonly request: Span;
  /** This place has been looked at just now. */
  readonly pause: boolean;
  /** @param openTime - of the row that came; undefined for none */
  readonly learn: (openTime: EpochMs | undefined) => Search;
}

/** Answers that must agree before nothing is believed. */
const LOOKS = 3;

export function isFound(search: Search): boolean {
  return search.nothing >= LOOKS || (search.earliest !== null && search.earliest <= search.from);
}

/** A search that knows nothing yet. */
export function newSearch(span: Span, interval: Interval): Search {
  return { ...span, interval, low: span.from, earliest: null, back: span.before, nothing: 0 };
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
    pause: nothing > 0 && back === before,
    learn: (openTime) => (openTime === undefined ? stepped : { ...search, earliest: openTime, nothing: 0 }),
  };
}

/** Halves what may lie before the earliest candle known; when too little is left for another, looks at all of it. */
function earlierCandle(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  const { from, low, nothing } = search;
  const halving = rules.pagesFrom === 'newest' && earliest - low > SHORTEST_LENGTH_MS[search.interval];
  const end = halving ? low + Math.ceil((earliest - low) / 2) : earliest;
  const empty = halving ? { ...search, low: end } : { ...search, nothing: nothing + 1 };
  // A candle below `low` proves that the answer behind `low` was wrong.
  const found = (openTime: EpochMs) => ({
    ...search,
    low: openTime < low ? from : low,
    earliest: openTime,
    nothing: 0,
  });
  return {
    request: { from: Math.max(from, end - rules.maxSpanMs), before: end },
    pause: nothing > 0,
    learn: (openTime) => (openTime === undefined ? empty : found(openTime)),
  };
}
