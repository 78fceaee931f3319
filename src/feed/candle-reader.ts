import { defer, map, of, switchMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { Answer } from '../core/evidence.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../core/interval.ts';
import { coverageOf, planPage } from '../core/page.ts';
import type { KlinesRequest, Reply } from '../ports/market-data.ts';
import type { RestLimits } from '../venues/venue.ts';
import type { FeedClock } from './feed-clock.ts';
import { firstOpenTime$ } from './first-open-time.ts';
import type { Stamp } from './stamped-market-data.ts';

export interface CandleReaderOptions {
  readonly klines$: (request: KlinesRequest, priority: number) => Observable<Reply<readonly Candle[]>>;
  readonly stampOf: (reply: object) => Stamp;
  readonly clock: FeedClock;
  readonly limits: RestLimits;
  readonly scheduler: SchedulerLike;
}

/** One series over REST. */
export interface CandleReader {
  /** One page of the open times [from, before), from its beginning; `pages` as in `planPage`. */
  read$(from: EpochMs, before: EpochMs, pages?: number): Observable<Answer>;
  /** The newest rows before an open time. */
  newest$(before: EpochMs, limit: number): Observable<readonly Candle[]>;
  /** Open time of the first candle the exchange has; Infinity when it has none. */
  firstOpen$(): Observable<EpochMs>;
}

/** No market of this library had a candle before 2017-01-01, ms UTC. */
const BEFORE_ALL = 1_483_228_800_000;

/** Reads of one series, short intervals first in the common queue. */
export function candleReader(symbol: string, interval: Interval, options: CandleReaderOptions): CandleReader {
  const { stampOf, clock, limits, scheduler } = options;
  const klines$ = (request: KlinesRequest) => options.klines$(request, SHORTEST_LENGTH_MS[interval]);
  const newest$ = ({ before, limit }: { before: EpochMs; limit: number }): Observable<readonly Candle[]> => {
    const from = before - limits.maxSpanMs;
    const span = Number.isFinite(from) ? { from, before } : { before };
    return klines$({ symbol, interval, ...span, limit }).pipe(
      switchMap(({ value }) =>
        value.length === 0 && from > BEFORE_ALL ? newest$({ before: from, limit }) : of(value),
      ),
    );
  };
  return {
    read$(from, before, pages = 1) {
      const page = planPage({ interval, from, before, pages }, limits);
      return klines$({ symbol, ...page }).pipe(
        map((reply) => {
          const { sentAt, receivedAt } = stampOf(reply);
          const times = { sentAt: clock.atLeast(sentAt), sentAtLocal: sentAt, receivedAtLocal: receivedAt };
          return { rows: reply.value, ...coverageOf(page, reply.value, limits), ...times };
        }),
      );
    },
    newest$: (before, limit) => newest$({ before: Math.ceil(before), limit }),
    firstOpen$: () =>
      defer(() => {
        const before = Math.ceil(clock.now()) + 1;
        return firstOpenTime$({ symbol, interval, from: 0, before, rules: limits, klines$, scheduler });
      }).pipe(map((openTime) => openTime ?? Infinity)),
  };
}
