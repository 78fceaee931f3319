import type { EpochMs } from './candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from './interval.ts';
import type { PageRules, Span } from './page.ts';

export type SearchRules = Pick<PageRules, 'pagesFrom' | 'maxSpanMs'>;

/** State of the search for the first candle of a series. */
export interface Search extends Span {
  readonly interval: Interval;
  /** A candle that opens before it is good enough. */
  readonly enough: EpochMs;
  /** Answers said that there is nothing between `from` and it. */
  readonly low: EpochMs;
  /** The earliest open time seen; null for none. */
  readonly earliest: EpochMs | null;
  /** Whether `earliest` is likely the first: then that is looked into before anything is halved. */
  readonly isLikely: boolean;
  /** While none has been seen: how far the looking back has come. While sure is being made: how far down that has come. */
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
  /** The same place was asked about just before. */
  readonly pause: boolean;
  /**
   * @param openTime - of the first row that came; undefined for none
   * @param speaksFrom - where the answer begins, if that is later than was asked for
   */
  readonly learn: (openTime: EpochMs | undefined, speaksFrom?: EpochMs) => Search;
}

/** Answers that must agree before nothing is believed. */
const LOOKS = 3;

export function isFound(search: Search): boolean {
  const { nothing, earliest, from, enough } = search;
  return nothing >= LOOKS || (earliest !== null && (earliest <= from || earliest < enough));
}

/**
 * A search that knows nothing yet, or of one candle that is likely the first.
 *
 * @param known - open time of a candle that the exchange has
 */
export function newSearch(
  { enough = -Infinity, ...span }: Span & { readonly enough?: EpochMs | undefined },
  interval: Interval,
  known?: EpochMs,
): Search {
  const nothingYet = { low: span.from, back: span.before, nothing: 0, inVain: false };
  const search = { ...span, enough, interval, ...nothingYet, earliest: null, isLikely: false };
  return known === undefined ? search : { ...search, earliest: known, back: known + 1, isLikely: true };
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
    learn: (openTime) => (openTime === undefined ? stepped : { ...found(search, openTime), low: from }),
  };
}

/**
 * Halves what may lie before the earliest candle known, as far as one request reaches; when too little is left for
 * another, makes sure of it.
 */
function earlierCandle(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  const { from, low, isLikely } = search;
  const isNarrow = earliest - low <= SHORTEST_LENGTH_MS[search.interval];
  if (rules.pagesFrom !== 'newest' || isLikely || isNarrow) return makingSure(search, earliest, rules);
  const end = Math.min(low + Math.ceil((earliest - low) / 2), low + rules.maxSpanMs);
  return {
    request: { from: Math.max(from, end - rules.maxSpanMs), before: end },
    rows: 1,
    pause: false,
    learn: (openTime) => (openTime === undefined ? { ...search, low: end } : found(search, openTime)),
  };
}

/**
 * Asks for the earliest candle together with what may lie before it: an answer without that candle proves nothing. What
 * lies further back than one request reaches is asked for in steps.
 */
function makingSure(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  return search.back > earliest ? lastLook(search, earliest, rules) : furtherBack(search, rules);
}

function lastLook(search: Search, earliest: EpochMs, rules: SearchRules): Look {
  const start = Math.max(search.from, earliest + 1 - rules.maxSpanMs);
  return {
    request: { from: start, before: earliest + 1 },
    rows: 2,
    pause: search.nothing > 0 || search.inVain,
    learn: (openTime, speaksFrom = -Infinity) => {
      if (openTime === undefined) return speaksFrom > earliest ? movedOn(search, speaksFrom) : { ...search, inVain: true }; // prettier-ignore
      return openTime < earliest ? found(search, openTime) : nothingBefore({ ...search, inVain: false }, start);
    },
  };
}

/** The exchange does not give the earliest candle any more: the first that it gives is looked into in its place. */
function movedOn(search: Search, earliest: EpochMs): Search {
  return { ...search, earliest, back: earliest + 1, nothing: 0, inVain: false };
}

function furtherBack(search: Search, rules: SearchRules): Look {
  const start = Math.max(search.from, search.back - rules.maxSpanMs);
  return {
    request: { from: start, before: search.back },
    rows: 1,
    pause: false,
    learn: (openTime) => (openTime === undefined ? nothingBefore(search, start) : found(search, openTime)),
  };
}

/** One more answer without a candle. An earlier one said that nothing lies below `low`. */
function nothingBefore(search: Search, start: EpochMs): Search {
  const bottom = search.nothing === 0 ? search.low : search.from;
  if (start > bottom) return { ...search, back: start };
  return { ...search, back: Infinity, nothing: search.nothing + 1 };
}

/** A candle below `low` proves that the answer behind `low` was wrong. */
function found(search: Search, openTime: EpochMs): Search {
  const low = openTime < search.low ? search.from : search.low;
  return { ...search, low, earliest: openTime, isLikely: false, back: Infinity, nothing: 0, inVain: false };
}
