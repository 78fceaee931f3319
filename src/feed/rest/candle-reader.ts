import { defer, map, of, switchMap, type Observable, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';
import { SHORTEST_LENGTH_MS, type Interval } from '../../core/interval.ts';
import { coverageOf, planPage } from '../../core/page.ts';
import type { PageRules } from '../../ports/connector.ts';
import { allRows, type KlinesRequest, type Reply } from '../../ports/market-data.ts';
import type { FeedClock } from './feed-clock.ts';
import { firstOpenTime$ } from './first-open-time.ts';

export interface CandleReaderOptions {
  readonly klines$: (request: KlinesRequest, priority: number) => Observable<Reply<readonly Candle[]>>;
  readonly clock: FeedClock;
  readonly limits: PageRules;
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
  return new SeriesReader(symbol, interval, options);
}

/** There are as many as series, and most never read: methods, not closures. */
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
    const { clock, limits } = this.#options;
    const page = planPage({ interval: this.#interval, from, before, pages }, limits);
    return this.#klines$({ symbol: this.#symbol, ...page }).pipe(
      map((reply) => {
        const { sentAt, receivedAt } = reply;
        const times = { sentAt: clock.atLeast(sentAt), sentAtLocal: sentAt, receivedAtLocal: receivedAt };
        const { value: rows, rejected = [] } = reply;
        return { rows, rejected, ...coverageOf(page, allRows(reply), limits), ...times };
      }),
    );
  }

  newest$(before: EpochMs, limit: number): Observable<readonly Candle[]> {
    const whole = Math.ceil(before);
    const from = whole - this.#options.limits.maxSpanMs;
    const span = Number.isFinite(from) ? { from, before: whole } : { before: whole };
    return this.#klines$({ symbol: this.#symbol, interval: this.#interval, ...span, limit }).pipe(
      switchMap(({ value, rejected = [] }) =>
        value.length + rejected.length === 0 && from > BEFORE_ALL ? this.newest$(from, limit) : of(value),
      ),
    );
  }

  firstOpen$(): Observable<EpochMs> {
    const { clock, limits, scheduler } = this.#options;
    const series = { symbol: this.#symbol, interval: this.#interval };
    const klines$ = (request: KlinesRequest) => this.#klines$(request);
    return defer(() => {
      const before = Math.ceil(clock.now()) + 1;
      return firstOpenTime$({ ...series, from: 0, before, rules: limits, klines$, scheduler });
    }).pipe(map((openTime) => openTime ?? Infinity));
  }

  #klines$(request: KlinesRequest): Observable<Reply<readonly Candle[]>> {
    return this.#options.klines$(request, SHORTEST_LENGTH_MS[this.#interval]);
  }
}
