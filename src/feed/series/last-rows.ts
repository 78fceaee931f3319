import { EMPTY, expand, map, of, takeLast, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';
import { joinAnswers } from '../../core/join-answers.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { Newest } from '../rest/candle-reader.ts';
import { earliestOf, endOf, firstOpen$, newestPage$, pageOf$, type Check, type PageOptions } from './past-page.ts';

/** The last rows before an open time, as answers of the exchange showed them; nothing of it is proven yet. */
export interface LastRows {
  /** Open time of the first of them. */
  readonly start: EpochMs;
  /** No answer showed a row from here on that opens before the time asked for. */
  readonly end: EpochMs;
  /** Oldest first; each but the oldest begins with the row that the one before it ends with. */
  readonly answers: readonly Answer[];
}

interface Found {
  /** Newest first. */
  readonly answers: readonly Answer[];
  readonly count: number;
  /** Open time of the earliest row; Infinity for none. */
  readonly earliest: EpochMs;
  /** Whether there may be more on the next page. */
  readonly isFull: boolean;
  /** Whether the last answer spoke of a limited span, so that there may be more further back. */
  readonly isShort: boolean;
  /** The first open time of the series, once that has been looked for. */
  readonly first: EpochMs | undefined;
}

const NOTHING_YET: Found = {
  answers: [],
  count: 0,
  earliest: Infinity,
  isFull: true,
  isShort: false,
  first: undefined,
};

/**
 * Pages back from an open time over the newest rows, so that it does not matter for how long the exchange paused, until
 * there are `count` of them or the series begins. An answer may leave rows out: then it begins too early, never too late.
 *
 * Emits:     once, then completes.
 * Errors:    GeoBlockedError; every other failure is waited out, and told.
 */
export function lastRows$(count: number, before: EpochMs, options: PageOptions): Observable<LastRows> {
  const isDone = ({ count: had, earliest, first = -Infinity }: Found): boolean =>
    had >= count || earliest <= first || first >= before;
  if (before <= 0) return of({ start: before, end: before, answers: [] });
  return newestPage$({ before, limit: count }, options).pipe(
    map((answer) => withPage(NOTHING_YET, answer)),
    expand((found) => (isDone(found) ? EMPTY : further$(found, { count, before }, options))),
    takeLast(1),
    map(({ answers, earliest }) => {
      const latest = Math.max(...answers.map((answer) => endOf(answer, options)));
      const end = Math.min(before, latest === -Infinity ? earliest : latest);
      return { start: Math.min(earliest, end), end, answers: answers.toReversed() };
    }),
  );
}

function further$(
  found: Found,
  { count, before }: { count: number; before: EpochMs },
  options: PageOptions,
): Observable<Found> {
  const { earliest, first, isFull, isShort } = found;
  if (!isFull && !isShort && first === undefined)
    return firstOpen$(earliest, options).pipe(map((open) => ({ ...found, first: open })));
  const isNone = earliest === Infinity;
  const span = isNone ? { before, limit: count } : { before: earliest + 1, limit: count - found.count + 1, atLeast: 2 };
  const newest = withBottom(span, found);
  const check: Check = (answer) => {
    if (first !== undefined && earliestOf(answer) >= earliest)
      throw new MarketDataError('malformed', 'REST leaves out candles that it has');
  };
  const page$ = isNone ? newestPage$(newest, options, check) : pageOf$(options, newest, check);
  return page$.pipe(map((answer) => withPage(found, answer)));
}

/** Below the first candle, or the earliest row of a full page, there is nothing to look for. */
function withBottom(newest: Newest, { first, isFull, earliest }: Found): Newest {
  const bottom = first ?? (isFull ? earliest : undefined);
  return bottom === undefined ? newest : { ...newest, bottom };
}

function withPage(found: Found, answer: Answer): Found {
  const isOlder = ({ timestamp }: { readonly timestamp: EpochMs }): boolean => timestamp < found.earliest;
  const older = { ...answer, rows: answer.rows.filter(isOlder), rejected: answer.rejected.filter(isOlder) };
  if (older.rows.length + older.rejected.length === 0) return { ...found, isFull: false, isShort: false };
  const isFull = answer.from === earliestOf(answer);
  return {
    ...found,
    answers: withAnswer(found.answers, answer, older),
    count: found.count + older.rows.length,
    earliest: earliestOf(answer),
    isFull,
    isShort: !isFull && answer.from > 0,
  };
}

/** What a page that was not full lacks of older rows, the next one shows: together they are one answer. */
function withAnswer(answers: readonly Answer[], answer: Answer, older: Answer): readonly Answer[] {
  const last = answers.at(-1);
  if (last === undefined || last.from === earliestOf(last)) return [...answers, answer];
  return [...answers.slice(0, -1), joinAnswers(older, last)];
}
