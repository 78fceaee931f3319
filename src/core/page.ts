import type { EpochMs } from './candle.ts';
import { nextOpenTime, SHORTEST_LENGTH_MS, type Interval } from './interval.ts';

/** Open times from `from` to before `before`, ms UTC. */
export interface Span {
  readonly from: EpochMs;
  readonly before: EpochMs;
}

/** What a market allows one klines request. */
export interface PageRules {
  /** Most rows worth asking for at once: the most per cost. */
  readonly pageRows: number;
  /**
   * Which end of the span the rows come from when there are more than asked for. `newest`: the start does not anchor
   * (COIN-M).
   */
  readonly pagesFrom: 'oldest' | 'newest';
  /** Longest span of one request, ms; Infinity where there is none. */
  readonly maxSpanMs: number;
  /** The same in open times, whatever the interval, where the market counts so. */
  readonly maxSpanRows?: number;
  /** How far back rows of an interval are kept, ms, where they are not kept for ever; with a margin, as time goes on. */
  readonly keptMs?: Readonly<Partial<Record<Interval, number>>>;
  /** False where nobody knows how far back the market goes: its first row may not be the first there ever was. Default true. */
  readonly keepsAll?: boolean;
}

/** The rules as they are for one interval: a span counted in open times is one in ms. */
export function rulesFor<R extends PageRules>(rules: R, interval: Interval): R {
  const { maxSpanRows = Infinity, maxSpanMs } = rules;
  return { ...rules, maxSpanMs: Math.min(maxSpanMs, maxSpanRows * SHORTEST_LENGTH_MS[interval]) };
}

/** One klines request: a span and the most rows to answer. */
export interface Page extends Span {
  readonly interval: Interval;
  readonly limit: number;
}

/** Candles wanted; `rows` is the most to take at once, by default `pageRows`. */
export interface Wanted extends Span {
  readonly interval: Interval;
  readonly rows?: number;
  /**
   * Where a market answers the newest rows: how many pages' worth of open times one request spans, by default 1.
   * More where few candles are expected, so that the request reaches over a long hole.
   */
  readonly pages?: number;
}

/** A request for so many rows costs no more than one for a single row. */
export const CHEAP_ROWS = 100;

/**
 * The next single request for the candles of a span, oldest first, with the smallest `limit` that can hold them:
 * the exchange charges by limit, and a hole of some minutes costs 1 instead of 2.
 * Where a market answers the newest rows, the request spans just as many candles as it may have rows.
 * Elsewhere it keeps the far end, so that one request leaps over years without candles.
 *
 * @throws RangeError when the span is empty
 */
export function planPage(wanted: Wanted, rules: PageRules): Page {
  const { interval, from, before } = wanted;
  if (!(from < before)) throw new RangeError(`planPage: nothing between ${String(from)} and ${String(before)}`);
  const rows = Math.max(1, Math.min(wanted.rows ?? rules.pageRows, rules.pageRows));
  const step = walk(wanted, rows * (wanted.pages ?? 1), rules.maxSpanMs);
  const end = rules.pagesFrom === 'newest' ? step.before : from + rules.maxSpanMs;
  // Rows that are cut short are more than the calendar has room for.
  const expected = (wanted.pages ?? 1) > 1 ? Math.max(step.rows, CHEAP_ROWS) : step.rows;
  return { interval, from, before: Math.min(end, before), limit: Math.min(rows, expected) };
}

/**
 * The open times about which an answer speaks: what is in this span and not among the rows was not in the answer.
 * An answer with fewer rows than its limit speaks about all that was asked; a full one ends (or, on a market that
 * answers the newest, begins) with its rows.
 *
 * @param rows - rising open times
 */
export function coverageOf(page: Page, rows: readonly Shown[], rules: PageRules): Span {
  const { from, before } = page;
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined || rows.length < page.limit) return { from, before };
  if (rules.pagesFrom === 'newest') return { from: Math.max(from, first.timestamp), before };
  const end = Math.max(
    last.timestamp,
    Math.min(last.closeTime ?? Infinity, nextOpenTime(last.timestamp, page.interval) - 1),
  );
  return { from, before: Math.min(before, end + 1) };
}

/** A row of an answer, whether or not a candle can be made of it. */
interface Shown {
  readonly timestamp: EpochMs;
  readonly closeTime?: EpochMs;
}

/** How many candles fit into the span and the rules, and the open time after them. */
function walk(wanted: Wanted, mostRows: number, maxSpanMs: number): { rows: number; before: EpochMs } {
  const { interval, from } = wanted;
  if (interval === '1M') return walkMonths(wanted, mostRows, maxSpanMs);
  const length = SHORTEST_LENGTH_MS[interval];
  const fitting = Math.min(mostRows, Math.ceil((wanted.before - from) / length), Math.floor(maxSpanMs / length));
  const rows = Math.max(1, fitting);
  return { rows, before: from + rows * length };
}

function walkMonths(wanted: Wanted, mostRows: number, maxSpanMs: number): { rows: number; before: EpochMs } {
  let [rows, before] = [1, nextOpenTime(wanted.from, wanted.interval)];
  while (rows < mostRows && before < wanted.before) {
    const next = nextOpenTime(before, wanted.interval);
    if (next - wanted.from > maxSpanMs) break;
    [rows, before] = [rows + 1, next];
  }
  return { rows, before };
}
