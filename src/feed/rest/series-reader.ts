import { EMPTY, defer, expand, map, of, reduce, switchMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import { joinAnswers } from '../../core/join-answers.ts';
import { LEAP_ROWS, afterLook, newLeap, nextSpan, type Leap } from '../../core/leap.ts';
import { CHEAP_ROWS, coverageOf, planPage, type Page } from '../../core/page.ts';
import type { PageRules } from '../../ports/connector.ts';
import { allRows, type KlinesRequest, type Reply } from '../../ports/market-data.ts';
import type { CandleReader, Newest } from './candle-reader.ts';
import type { FeedClock } from './feed-clock.ts';
import { firstOpenTime$ } from './first-open-time.ts';

export interface CandleReaderOptions {
  readonly klines$: (request: KlinesRequest, priority: number) => Observable<Reply<readonly Candle[]>>;
  readonly clock: FeedClock;
  readonly limits: PageRules;
  readonly scheduler: SchedulerLike;
}

/** Behind a rejected row there may be more of them, so that as many rows are asked for as cost no more than one. */
function furtherRows({ rows, rejected }: Answer, limit: number): number {
  return Math.max(limit - rows.length, rejected.length > 0 ? CHEAP_ROWS : 1);
}

/** No market of this library had a candle before 2017-01-01, ms UTC. */
const BEFORE_ALL = 1_483_228_800_000;

/**
 * Where nobody knows how far back a market goes, its first candle is looked for over so many spans of a request, to be sure
 * of years would take thousands; fewer where it only matters whether there is one before an open time.
 */
const SEARCHED_SPANS = { forFirst: 10, forEarlier: 2 };

/** Reads of one series, short intervals first in the common queue. */
export function candleReader(symbol: string, interval: Interval, options: CandleReaderOptions): CandleReader {
  return new SeriesReader(symbol, interval, options);
}

/** A class, since there is one per series: closures would take more memory. */
class SeriesReader implements CandleReader {
  readonly #symbol: string;
  readonly #interval: Interval;
  readonly #options: CandleReaderOptions;

  constructor(symbol: string, interval: Interval, options: CandleReaderOptions) {
    this.#symbol = symbol;
    this.#interval = interval;
    this.#options = options;
  }

  read$(from: EpochMs, before: EpochMs, pages = 1): Observable<Answer> {
    const { limits } = this.#options;
    const page = planPage({ interval: this.#interval, from, before, pages }, limits);
    const isCapped = limits.pagesFrom === 'newest';
    return this.#answer$(page).pipe(
      switchMap((answer) =>
        isCapped && answer.rows.length === 0 && page.before < before ? this.#leap$(answer, before) : of(answer),
      ),
    );
  }

  newest$(before: EpochMs, limit: number): Observable<readonly Candle[]> {
    return this.newestAnswer$({ before: Math.ceil(before), limit }).pipe(map(({ rows }) => rows));
  }

  newestAnswer$(newest: Newest): Observable<Answer> {
    const { before, atLeast = 1 } = newest;
    const bottom = Math.max(newest.bottom ?? BEFORE_ALL, this.#horizon);
    const limit = Math.min(newest.limit, this.#options.limits.pageRows);
    return this.#newestOnce$(before, limit).pipe(
      expand((answer) =>
        answer.rows.length < Math.min(atLeast, limit) && answer.from > bottom
          ? this.#newestOnce$(answer.from, furtherRows(answer, limit)).pipe(map((older) => joinAnswers(older, answer)))
          : EMPTY,
      ),
      reduce((_, longer) => longer),
    );
  }

  firstOpen$(known?: EpochMs, enough?: EpochMs): Observable<EpochMs> {
    const { clock, limits, scheduler } = this.#options;
    const klines$ = (request: KlinesRequest) => this.#klines$(request);
    return defer(() => {
      const before = known === undefined ? Math.ceil(clock.now()) + 1 : known + 1;
      const isCapped = Number.isFinite(limits.maxSpanMs);
      const reach = isCapped ? Math.max(0, Math.min(BEFORE_ALL, before - limits.maxSpanMs)) : 0;
      const spans = enough === undefined ? SEARCHED_SPANS.forFirst : SEARCHED_SPANS.forEarlier;
      const floor = limits.keepsAll === false ? Math.min(before, enough ?? before) - spans * limits.maxSpanMs : 0;
      const from = Math.max(reach, floor, this.#horizon);
      const span = { from, before, known, enough };
      return firstOpenTime$({ ...this.#series, ...span, rules: limits, klines$, scheduler });
    }).pipe(map((openTime) => openTime ?? Infinity));
  }

  isTruncatedAt(firstOpen: EpochMs): boolean {
    // The first row may have gone while it was looked for.
    const atHorizon = this.#horizon + 2 * SHORTEST_LENGTH_MS[this.#interval];
    return this.#options.limits.keepsAll === false || firstOpen <= atHorizon;
  }

  /** Candles that opened before this are no longer shown by the venue. */
  get #horizon(): EpochMs {
    const { clock, limits } = this.#options;
    return Math.ceil(clock.now()) - (limits.keptMs?.[this.#interval] ?? Infinity);
  }

  get #series(): { symbol: string; interval: Interval } {
    return { symbol: this.#symbol, interval: this.#interval };
  }

  /**
   * An answer that is not full speaks of as much as the market lets one request span. There the beginning of that span is
   * said too: whether a market takes a request without one for the longest or for too long, no document tells.
   */
  #newestOnce$(before: EpochMs, limit: number): Observable<Answer> {
    const { maxSpanMs } = this.#options.limits;
    const reach = Number.isFinite(maxSpanMs) ? before - maxSpanMs : 0;
    const span = reach > 0 ? { from: reach, before } : { before };
    return this.#klines$({ ...this.#series, ...span, limit }).pipe(
      map((reply) => {
        const { value: rows, rejected = [] } = reply;
        const all = allRows(reply);
        const first = all[0]?.timestamp ?? Infinity;
        const from = all.length < limit ? Math.min(first, reach) : first;
        const covered = { from: Math.max(from, reply.speaksFrom ?? from), before };
        return { rows, rejected, ...covered, ...this.#proofOf(reply) };
      }),
    );
  }

  /** Continues to the first rows after an empty page; the responses are merged into one. */
  #leap$(empty: Answer, before: EpochMs): Observable<Answer> {
    const { limits } = this.#options;
    interface Step {
      readonly answer: Answer;
      readonly leap: Leap | undefined;
    }
    const further$ = ({ answer, leap }: Step): Observable<Step> => {
      const span = leap && nextSpan(leap, limits);
      if (leap === undefined || span === undefined) return EMPTY;
      return this.#answer$({ interval: this.#interval, ...span, limit: LEAP_ROWS }).pipe(
        map((next) => {
          const after = afterLook(leap, span, next.rows);
          const isPart = next.rows.length === 0 || after === undefined;
          return { answer: isPart ? joinAnswers(answer, next) : answer, leap: after };
        }),
      );
    };
    const leap = newLeap(this.#interval, { from: empty.before, before }, empty.before - empty.from);
    return of({ answer: empty, leap }).pipe(
      expand(further$),
      reduce((_, last) => last),
      map(({ answer }) => answer),
    );
  }

  #answer$(page: Page): Observable<Answer> {
    return this.#klines$({ symbol: this.#symbol, ...page }).pipe(
      map((reply) => {
        const { value: rows, rejected = [] } = reply;
        const { from, before } = coverageOf(page, allRows(reply), this.#options.limits);
        const { speaksFrom = from } = reply;
        const covered = { from: Math.max(from, speaksFrom), before, ...(speaksFrom > page.from && { isCut: true }) };
        return { rows, rejected, ...covered, ...this.#proofOf(reply) };
      }),
    );
  }

  /** What an answer proves: when it was asked for, and which rows the venue calls final. */
  #proofOf(reply: Reply<unknown>): Pick<Answer, 'final' | 'sentAt' | 'sentAtLocal' | 'receivedAtLocal'> {
    const { sentAt, receivedAt, final } = reply;
    return { final, sentAt: this.#options.clock.atLeast(sentAt), sentAtLocal: sentAt, receivedAtLocal: receivedAt };
  }

  #klines$(request: KlinesRequest): Observable<Reply<readonly Candle[]>> {
    return this.#options.klines$(request, SHORTEST_LENGTH_MS[this.#interval]);
  }
}
