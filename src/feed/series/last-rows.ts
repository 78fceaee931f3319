import {
  EMPTY,
  catchError,
  defer,
  expand,
  map,
  of,
  switchMap,
  takeLast,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';
import { confirmationsFor } from '../../core/missing-rules.ts';
import { slotAfter } from '../../core/grid.ts';
import { joinAnswers } from '../../core/join-answers.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { Newest } from '../rest/candle-reader.ts';
import type { PastOptions } from './past-options.ts';

/** The last rows before an open time, as answers of the exchange showed them; nothing of it is proven yet. */
export interface LastRows {
  /** Open time of the first of them. */
  readonly start: EpochMs;
  /** No answer showed a row from here on that opens before the time asked for. */
  readonly end: EpochMs;
  /** Oldest first; each but the oldest begins with the row that the one before it ends with. */
  readonly answers: readonly Answer[];
}

type Options = Pick<
  PastOptions,
  'symbol' | 'interval' | 'rules' | 'shared' | 'reader' | 'scheduler' | 'waits' | 'geoBlocked'
>;

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
export function lastRows$(count: number, before: EpochMs, options: Options): Observable<LastRows> {
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

/** An end that is seen again too rarely is believed after so many answers: the row before it may be shown no more. */
const MOST_ANSWERS = 10;

/**
 * The first page. Where it ends before the time asked for, that is believed after as many answers as show that a candle
 * is missing: the exchange may be late with its newest row. One that ends before another is wrong, and shows nothing.
 */
function newestPage$(newest: Newest, options: Options, check?: Check): Observable<Answer> {
  const { shared, scheduler, rules } = options;
  const { before } = newest;
  const page$ = pageOf$(options, newest, check);
  const { answers, everyMs } = confirmationsFor(before, shared.clock.now(), rules.evidence);
  const isBelieved = ({ best, times }: Seen): boolean => times >= answers || endOf(best, options) >= before;
  return page$.pipe(
    map((best): Seen => ({ best, times: isNothing(best) ? answers : 1 })),
    expand((seen, index) =>
      isBelieved(seen) || index + 1 >= MOST_ANSWERS
        ? EMPTY
        : timer(everyMs, scheduler).pipe(
            switchMap(() => page$),
            map((answer) => withAgain(seen, answer, options)),
          ),
    ),
    takeLast(1),
    map(({ best }) => best),
  );
}

/** The answer that ends last, and how many ended there. */
interface Seen {
  readonly best: Answer;
  readonly times: number;
}

function withAgain({ best, times }: Seen, answer: Answer, options: Options): Seen {
  const [known, end] = [endOf(best, options), endOf(answer, options)];
  if (end > known) return { best: answer, times: 1 };
  return end < known ? { best, times } : { best: answer, times: times + 1 };
}

/** Rows of which no candle can be made are rows: a body may be spoiled once, and whole the next time. */
const isNothing = (answer: Answer): boolean => earliestOf(answer) === Infinity;

function further$(
  found: Found,
  { count, before }: { count: number; before: EpochMs },
  options: Options,
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

/** Throws where an answer is of no use. */
type Check = (answer: Answer) => void;

/** One page, however long it takes. */
function pageOf$(options: Options, newest: Newest, check: Check = () => undefined): Observable<Answer> {
  const { symbol, interval, reader, waits } = options;
  const page$ = defer(() => reader.newestAnswer$(newest)).pipe(
    map((answer) => {
      check(answer);
      return answer;
    }),
  );
  return waits.untilAnswered$({ what: 'page of the past', symbol, interval }, unlessBlocked$(page$, options));
}

/** The first open time the exchange has, not after `known`. Answers that show no candle at all prove nothing, however many. */
function firstOpen$(known: EpochMs, options: Options): Observable<EpochMs> {
  const { symbol, interval, reader, waits } = options;
  const first$ = defer(() => reader.firstOpen$(known === Infinity ? undefined : known)).pipe(
    map((openTime) => {
      if (openTime === Infinity) throw new MarketDataError('malformed', 'REST shows no candle yet');
      return openTime;
    }),
  );
  return waits.untilAnswered$({ what: 'first candle', symbol, interval }, unlessBlocked$(first$, options));
}

function unlessBlocked$<T>(answer$: Observable<T>, { geoBlocked }: Options): Observable<T> {
  return answer$.pipe(
    catchError((error: unknown) => {
      const isBlocked = error instanceof MarketDataError && error.failure === 'geo-blocked';
      return throwError(() => (isBlocked ? geoBlocked() : (error as Error)));
    }),
  );
}

/** Of a row that can be a candle or not. */
const earliestOf = ({ rows, rejected }: Answer): EpochMs =>
  Math.min(rows[0]?.timestamp ?? Infinity, rejected[0]?.timestamp ?? Infinity);

/** Where the last candle ends, or its slot: what of it lies in the next one leaves that one to be filled. -Infinity for none. */
const endOf = ({ rows }: Answer, { interval, rules }: Options): EpochMs => {
  const newest = rows.at(-1);
  if (newest === undefined) return -Infinity;
  const { timestamp, closeTime } = newest;
  return Math.min(closeTime + 1, slotAfter(timestamp, { interval, gridPoint: rules.gridPoint ?? timestamp }));
};
