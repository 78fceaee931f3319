import { Observable, map, of, type SchedulerLike } from 'rxjs';
import type { Candle, EpochMs, VenueId } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../core/interval.ts';
import type { Cost } from '../../core/rate-limit.ts';
import type { RestStatus } from '../../core/status.ts';
import { MarketDataError, type KlinesRequest, type MarketData, type Reply } from '../../ports/market-data.ts';
import type { SymbolInfo } from '../../ports/symbol-info.ts';
import type { CcxtExchange, CcxtRow } from '../../venues/ccxt/exchange.ts';
import { failureOf } from '../../venues/ccxt/failure.ts';
import { candlesOf, inOrder } from '../../venues/ccxt/rows.ts';
import { symbolsOf } from '../../venues/ccxt/symbols.ts';
import { HttpClock } from './http-times.ts';

/** Puts a request into the queue that all feeds of an exchange share. */
export type Queued$ = <T>(
  ask$: () => Observable<{ readonly value: T }>,
  cost: Cost,
  priority: number,
) => Observable<Reply<T>>;

export interface CcxtMarketDataOptions {
  readonly exchange: CcxtExchange;
  readonly venue: VenueId;
  readonly scheduler: Pick<SchedulerLike, 'now'>;
  readonly queued$: Queued$;
  /** The requests so far. */
  readonly use: () => RestStatus;
}

/** The only limit that requests count against. */
export const REQUESTS = 'requests';
const COST: Cost = { [REQUESTS]: 1 };
const TIME_FIRST = 0;
const SYMBOLS_NEXT = 1;
/**
 * A list younger than this is not read again, ms: it may have megabytes, and every close of every series is an occasion to ask
 * for it.
 */
const LIST_AGE_MS = 300_000;
/** For how long it is remembered how far back the newest rows of a series reach, ms. */
const REACH_AGE_MS = 10_000;
const NO_REACH = { reach: -Infinity, at: -Infinity };

/**
 * ccxt's requests as `MarketData`. A request that is under way cannot be aborted: its answer is ignored.
 */
export function ccxtMarketData(options: CcxtMarketDataOptions): MarketData {
  return new CcxtMarketData(options);
}

class CcxtMarketData implements MarketData {
  readonly #options: CcxtMarketDataOptions;
  readonly #http: HttpClock;
  /** The last request: to repeat it is the cheapest way to an answer's `Date`. */
  #last: Pick<KlinesRequest, 'symbol' | 'interval'> | undefined;
  #listedAt = -Infinity;
  readonly #reaches = new Map<string, { readonly reach: EpochMs; readonly at: number }>();

  constructor(options: CcxtMarketDataOptions) {
    this.#options = options;
    this.#http = new HttpClock(options.exchange, options.scheduler);
  }

  serverTime$(priority = TIME_FIRST): Observable<Reply<EpochMs>> {
    const isTold = this.#options.exchange.has['fetchTime'] === true;
    return this.#queued$(() => (isTold ? this.#askTime() : this.#dateOfAnswer()), priority).pipe(
      map(({ value, ...times }) => ({ ...times, ...value })),
    );
  }

  klines$(
    request: KlinesRequest,
    priority = SHORTEST_LENGTH_MS[request.interval],
  ): Observable<Reply<readonly Candle[]>> {
    const { venue } = this.#options;
    this.#last = request;
    return this.#queued$(() => this.#read(request), priority).pipe(
      map(({ value: { rows, speaksFrom }, ...times }) => {
        const { candles, rejected } = candlesOf(rows, request, venue);
        return { value: candles, rejected, ...(speaksFrom !== undefined && { speaksFrom }), ...times };
      }),
    );
  }

  symbols$(priority = SYMBOLS_NEXT): Observable<Reply<readonly SymbolInfo[]>> {
    const { exchange, scheduler } = this.#options;
    const now = scheduler.now();
    if (now - this.#listedAt < LIST_AGE_MS) return of({ value: symbolsOf(exchange), sentAt: now, receivedAt: now });
    const read = async (): Promise<void> => {
      await exchange.loadMarkets(true);
      this.#listedAt = scheduler.now();
    };
    return this.#queued$(read, priority).pipe(map((reply) => ({ ...reply, value: symbolsOf(exchange) })));
  }

  use(): RestStatus {
    return this.#options.use();
  }

  /**
   * The rows of a span. One more row before it is asked for: an answer that has it, or begins with the span's first row,
   * speaks of the whole span. If the answer begins later, either nothing was traded there or the exchange gives its newest
   * rows only; where the newest rows of all begin tells which.
   */
  async #read({ symbol, interval, from = 0, before = Infinity, limit }: KlinesRequest): Promise<Read> {
    const { exchange } = this.#options;
    const length = SHORTEST_LENGTH_MS[interval];
    const room = before < Infinity ? Math.ceil((before - from) / length) : limit;
    const rows = inOrder(await exchange.fetchOHLCV(symbol, interval, Math.max(1, from - length), room + 1));
    const read = withinSpan(rows, { from, before, limit });
    if (read.speaksFrom === undefined || from < this.#reachOf(symbol, interval)) return read;
    const newest = inOrder(await exchange.fetchOHLCV(symbol, interval, undefined, room + 1));
    const reach = reachOf(newest);
    this.#reaches.set(`${symbol} ${interval}`, { reach, at: this.#options.scheduler.now() });
    return reach <= from ? withinSpan(newest, { from, before, limit }) : read;
  }

  /** Where the newest rows began a short while ago; they never begin earlier again. -Infinity if not known. */
  #reachOf(symbol: string, interval: string): EpochMs {
    const { reach, at } = this.#reaches.get(`${symbol} ${interval}`) ?? NO_REACH;
    const isRecent = reach < Infinity && this.#options.scheduler.now() - at < REACH_AGE_MS;
    return isRecent ? reach : -Infinity;
  }

  async #askTime(): Promise<Told> {
    const { value, times } = await this.#http.during(() => this.#options.exchange.fetchTime());
    if (typeof value !== 'number' || !Number.isFinite(value)) throw untold();
    // A whole second most likely means that the exchange tells no fractions.
    return { ...times, value, stepMs: value % SECOND === 0 ? SECOND : 1 };
  }

  /** Where the exchange has no request for its time, the `Date` of any answer tells it, to the second. */
  async #dateOfAnswer(): Promise<Told> {
    const { latest } = this.#http;
    if (latest === undefined || this.#options.scheduler.now() - latest.receivedAt > RECENT_MS)
      await this.#askAnything();
    const { date, ...times } = this.#http.latest ?? {};
    if (date === undefined) throw untold();
    return { ...times, value: date, stepMs: SECOND };
  }

  async #askAnything(): Promise<void> {
    const { exchange } = this.#options;
    if (this.#last === undefined) await exchange.loadMarkets(true);
    else await exchange.fetchOHLCV(this.#last.symbol, this.#last.interval, undefined, 1);
  }

  #queued$<T>(ask: () => Promise<T>, priority: number): Observable<Reply<T>> {
    return this.#options.queued$(() => answer$(ask), COST, priority);
  }
}

interface Read {
  readonly rows: readonly CcxtRow[];
  readonly speaksFrom: EpochMs | undefined;
}

/** The exchange's time, to `stepMs`, with the local times of the request where they are known. */
interface Told {
  readonly value: EpochMs;
  readonly stepMs: number;
  readonly sentAt?: number;
  readonly receivedAt?: number;
}

const SECOND = 1000;
/** A `Date` that came no longer ago than this is as good as a new one, ms. */
const RECENT_MS = 5000;

const untold = () => new MarketDataError('malformed', 'the exchange does not tell its time');

const openTimeOf = (row: CcxtRow): EpochMs => Number(row[0]);
const reachOf = ([oldest]: readonly CcxtRow[]): EpochMs => (oldest === undefined ? Infinity : openTimeOf(oldest));

/** @param rows - in rising open time, from before the span on where the exchange has any there */
function withinSpan(
  rows: readonly CcxtRow[],
  { from, before, limit }: { from: EpochMs; before: EpochMs; limit: number },
): Read {
  const within = rows.filter((row) => openTimeOf(row) >= from && openTimeOf(row) < before);
  const [first] = rows;
  const speaksOfAll = first === undefined || openTimeOf(first) <= from;
  return { rows: within.slice(-limit), speaksFrom: speaksOfAll ? undefined : openTimeOf(first) };
}

/** One call of ccxt's. Whatever it throws is a failure of the exchange or the network. */
function answer$<T>(ask: () => Promise<T>): Observable<{ readonly value: T }> {
  return new Observable((subscriber) => {
    ask().then(
      (value) => {
        subscriber.next({ value });
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error instanceof MarketDataError ? error : failureOf(error));
      },
    );
  });
}
