import { defer, map, of, switchMap, timer, type Observable, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { isFound, newSearch, nextLook, type Search, type SearchRules } from '../../core/first-open.ts';
import type { Interval } from '../../core/interval.ts';
import { allRows, type KlinesRequest, type Reply } from '../../ports/market-data.ts';

export interface FirstOpenTimeOptions {
  readonly symbol: string;
  readonly interval: Interval;
  /** Where the search begins, ms UTC: no open time before it is of interest. */
  readonly from: EpochMs;
  /** Open times at or after it are of no interest either: the exchange's now, ms UTC. */
  readonly before: EpochMs;
  /** Open time of a candle that the exchange has and that is likely the first. */
  readonly known?: EpochMs | undefined;
  /** A candle that opens before it is good enough; by default only the first is. */
  readonly enough?: EpochMs | undefined;
  readonly rules: SearchRules;
  /** One request per subscription; its failures end the search, so it had better retry by itself. */
  readonly klines$: (request: KlinesRequest) => Observable<Reply<readonly Candle[]>>;
  readonly scheduler: SchedulerLike;
}

/** Between two looks at one place, ms: three looks take a second. */
const LOOK_AGAIN_MS = 500;

/**
 * Open time of the first candle of a series at the exchange within a span, which no date in the symbol list tells.
 * Each request asks for one row or two. Where rows come from the oldest, that row is the answer; on COIN-M, which
 * answers the newest, the span is halved until nothing is left before the earliest candle known, in spans that one
 * request reaches: about 45 requests. The earliest candle is taken for the first when three answers over a second show it
 * and none before it; an empty answer proves nothing.
 *
 * Emits:     the open time, or null when the exchange has no candle in the span; then completes.
 * Errors:    with the first failure of `klines$`.
 * Time:      500 ms between looks at one place.
 */
export function firstOpenTime$(options: FirstOpenTimeOptions): Observable<EpochMs | null> {
  const { symbol, interval, from, before, known, enough, rules, klines$, scheduler } = options;

  function look$(search: Search): Observable<EpochMs | null> {
    if (isFound(search)) return of(search.earliest);
    const { request, rows, pause, learn } = nextLook(search, rules);
    const asked$ = defer(() => klines$({ symbol, interval, ...request, limit: rows }));
    const answered$ = pause ? timer(LOOK_AGAIN_MS, scheduler).pipe(switchMap(() => asked$)) : asked$;
    return answered$.pipe(
      map((reply) => learn(allRows(reply)[0]?.timestamp, reply.speaksFrom)),
      switchMap(look$),
    );
  }

  return defer(() => look$(newSearch({ from, before, enough }, interval, known)));
}
