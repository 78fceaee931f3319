import { EMPTY, catchError, defer, expand, map, switchMap, takeLast, throwError, timer, type Observable } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';
import { slotAfter } from '../../core/grid.ts';
import { confirmationsFor } from '../../core/missing-rules.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { Newest } from '../rest/candle-reader.ts';
import type { PastOptions } from './past-options.ts';

export type PageOptions = Pick<
  PastOptions,
  'symbol' | 'interval' | 'rules' | 'shared' | 'reader' | 'scheduler' | 'waits' | 'geoBlocked'
>;

/** An end that is seen again too rarely is believed after so many answers all the same: that row may never be shown again. */
const MOST_ANSWERS = 10;

/**
 * The first page. Where it ends before the time asked for, that is believed after as many answers as show that a candle
 * is missing: the exchange may be late with its newest row. One that ends before another is wrong, and shows nothing.
 */
export function newestPage$(newest: Newest, options: PageOptions, check?: Check): Observable<Answer> {
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

function withAgain({ best, times }: Seen, answer: Answer, options: PageOptions): Seen {
  const [known, end] = [endOf(best, options), endOf(answer, options)];
  if (end > known) return { best: answer, times: 1 };
  return end < known ? { best, times } : { best: answer, times: times + 1 };
}

/** Rows of which no candle can be made are rows: a body may be spoiled once, and whole the next time. */
const isNothing = (answer: Answer): boolean => earliestOf(answer) === Infinity;

/** Throws where an answer is of no use. */
export type Check = (answer: Answer) => void;

/** One page, however long it takes. */
export function pageOf$(options: PageOptions, newest: Newest, check: Check = () => undefined): Observable<Answer> {
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
export function firstOpen$(known: EpochMs, options: PageOptions): Observable<EpochMs> {
  const { symbol, interval, reader, waits } = options;
  const first$ = defer(() => reader.firstOpen$(known === Infinity ? undefined : known)).pipe(
    map((openTime) => {
      if (openTime === Infinity) throw new MarketDataError('malformed', 'REST shows no candle yet');
      return openTime;
    }),
  );
  return waits.untilAnswered$({ what: 'first candle', symbol, interval }, unlessBlocked$(first$, options));
}

function unlessBlocked$<T>(answer$: Observable<T>, { geoBlocked }: PageOptions): Observable<T> {
  return answer$.pipe(
    catchError((error: unknown) => {
      const isBlocked = error instanceof MarketDataError && error.failure === 'geo-blocked';
      return throwError(() => (isBlocked ? geoBlocked() : (error as Error)));
    }),
  );
}

/** Of a row that can be a candle or not. */
export const earliestOf = ({ rows, rejected }: Answer): EpochMs =>
  Math.min(rows[0]?.timestamp ?? Infinity, rejected[0]?.timestamp ?? Infinity);

/** Where the last candle ends, or its slot: what of it lies in the next one leaves that one to be filled. -Infinity for none. */
export const endOf = ({ rows }: Answer, { interval, rules }: PageOptions): EpochMs => {
  const newest = rows.at(-1);
  if (newest === undefined) return -Infinity;
  const { timestamp, closeTime } = newest;
  return Math.min(closeTime + 1, slotAfter(timestamp, { interval, gridPoint: rules.gridPoint ?? timestamp }));
};
