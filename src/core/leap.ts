import type { EpochMs } from './candle.ts';
import { SHORTEST_LENGTH_MS, type Interval } from './interval.ts';
import type { PageRules, Span } from './page.ts';

/**
 * Where a market answers the newest rows of a limited span, a hole longer than a page shows nothing but empty answers.
 * A leap looks for the first rows behind it: spans that double while they are empty, then halves of the one that is not.
 */
export interface Leap {
  readonly interval: Interval;
  /** Answers showed nothing in front of it. */
  readonly low: EpochMs;
  /** Where the leap ends at the latest. */
  readonly before: EpochMs;
  /** How far the next look reaches, ms. */
  readonly spanMs: number;
  /** Open time of the earliest row seen, of an answer that had no room for what may lie in front of it; Infinity for none. */
  readonly seen: EpochMs;
}

/** So many rows cost no more than one, and show enough to go on with. */
export const LEAP_ROWS = 100;

/** A leap over the empty page before `low`, which was `spanMs` long. */
export function newLeap(interval: Interval, { from: low, before }: Span, spanMs: number): Leap {
  return { interval, low, before, spanMs: 2 * spanMs, seen: Infinity };
}

/** The open times to look at next, for `LEAP_ROWS` rows; undefined at the end of the leap. */
export function nextSpan({ interval, low, before, spanMs, seen }: Leap, rules: PageRules): Span | undefined {
  if (low >= before) return undefined;
  const fitsMs = LEAP_ROWS * SHORTEST_LENGTH_MS[interval];
  const wantedMs = seen === Infinity ? spanMs : Math.max(fitsMs, Math.ceil((seen - low) / 2));
  const reachMs = Math.min(wantedMs, rules.maxSpanMs);
  return { from: low, before: Math.min(before, low + reachMs) };
}

/** What an answer about that span teaches; undefined when its rows are the first behind the hole. */
export function afterLook(leap: Leap, span: Span, rows: readonly { timestamp: EpochMs }[]): Leap | undefined {
  const [first] = rows;
  if (first === undefined) return { ...leap, low: span.before, spanMs: 2 * leap.spanMs };
  const fitsMs = LEAP_ROWS * SHORTEST_LENGTH_MS[leap.interval];
  const isWhole = rows.length < LEAP_ROWS || span.before - span.from <= fitsMs;
  return isWhole ? undefined : { ...leap, seen: first.timestamp };
}
