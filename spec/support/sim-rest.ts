import { Observable, type Subscriber } from 'rxjs';
import { sameCandle, unusableBecause, type Candle } from '../../src/core/candle.ts';
import type { RejectedRow } from '../../src/core/evidence.ts';
import {
  MarketDataError, type KlinesRequest, type MarketData, type MarketDataFailure, type Reply, type Usage,
} from '../../src/ports/market-data.ts'; // prettier-ignore
import type { SymbolInfo } from '../../src/ports/symbol-info.ts';
import type { Connector, Cost, RateLimit } from '../../src/ports/connector.ts';
import type { Answered } from '../../src/feed/rest/request-queue.ts';
import { listed } from './fake-market.ts';
import { klinesOf } from './sim-klines.ts';
import type { SimTime } from './sim-time.ts';
import type { Truth } from './sim-truth.ts';
import type { Fault, Weather } from './sim-weather.ts';

export interface SimRestParts {
  readonly venue: Connector;
  readonly time: SimTime;
  readonly truth: Truth;
  readonly weather: Weather;
  /** The newest row may be this much behind, ms; and a row may still move for this long after its close. */
  readonly lagMs: number;
  readonly movesAfterCloseMs: number;
  /** The exchange's weight per minute; default the venue's. */
  readonly weightPerMinute?: number | undefined;
}

export interface SimRequest {
  readonly what: 'time' | 'symbols' | 'klines';
  readonly sentAt: number;
  /** By the exchange's clock. */
  readonly exchangeAt: number;
  readonly klines?: KlinesRequest;
}

const TIMEOUT_MS = 5000;
const FAILURES: readonly (Fault & MarketDataFailure)[] = ['network', 'timeout', 'server', 'malformed'];
const STATUS: Partial<Record<Fault, number>> = { server: 503, 'rate limited': 429, banned: 418, malformed: 200 };

function rejectedOf(row: Candle): RejectedRow | undefined {
  const reason = unusableBecause(row);
  return reason === undefined ? undefined : { timestamp: row.timestamp, row: Object.values(row), reason };
}

/** The exchange's REST interface, with its limits held against whoever asks. */
export class SimRest implements MarketData {
  readonly requests: SimRequest[] = [];
  readonly violations: string[] = [];
  symbols: (Pick<SymbolInfo, 'symbol'> & Partial<SymbolInfo>)[] = [];
  /** Every request fails so, as long as it is set. */
  failWith: MarketDataFailure | undefined;
  /** Requests that fail, as long as it is set. */
  failIf: ((request: Pick<SimRequest, 'what' | 'klines'>) => MarketDataFailure | undefined) | undefined;
  /** One scenario's own idea of an answer. */
  tamper: (rows: readonly Candle[], request: KlinesRequest) => readonly Candle[] = (rows) => rows;
  readonly #parts: SimRestParts;
  readonly #spent = new Map<string, readonly { readonly at: number; readonly amount: number }[]>();
  /** By row: how often it was left out. */
  readonly #leftOut = new Map<string, number>();
  #inFlight = 0;
  #pausedUntil = -Infinity;

  constructor(parts: SimRestParts) {
    this.#parts = parts;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get klines(): readonly SimRequest[] {
    return this.requests.filter(({ what }) => what === 'klines');
  }

  serverTime$(): Observable<Reply<number>> {
    const { time, venue } = this.#parts;
    return this.#ask$({ what: 'time' }, venue.rest.time().cost, () => Math.floor(time.exchange));
  }

  symbols$(): Observable<Reply<readonly SymbolInfo[]>> {
    return this.#ask$({ what: 'symbols' }, this.#parts.venue.rest.symbols().cost, () =>
      this.symbols.map((line) => listed(line.symbol, line)),
    );
  }

  klines$(klines: KlinesRequest): Observable<Reply<readonly Candle[]>> {
    const { cost } = this.#parts.venue.rest.candles(klines, this.#parts.time.exchange);
    return this.#ask$({ what: 'klines', klines }, cost, () => this.#rows(klines));
  }

  #ask$<T>(what: Pick<SimRequest, 'what' | 'klines'>, cost: Cost, answer: () => T): Observable<Reply<T>> {
    return new Observable((subscriber) => {
      const { time } = this.#parts;
      const request = { ...what, sentAt: time.local.now(), exchangeAt: time.exchange };
      this.requests.push(request);
      this.#inFlight++;
      this.#holdAgainstLimits(request);
      this.#travel(request, subscriber, () => {
        const usage = this.#count(cost);
        this.#reply(request, subscriber, { value: answer(), usage });
      });
      return () => {
        this.#inFlight--;
      };
    });
  }

  #travel({ what }: SimRequest, subscriber: Subscriber<unknown>, arrive: () => void): void {
    const { time, weather } = this.#parts;
    const now = time.exchange;
    if (weather.hits('hang', now)) {
      this.#fail(subscriber, new MarketDataError('timeout', 'hung'), TIMEOUT_MS);
      return;
    }
    const slow = weather.hits('slow', now) ? 4000 * weather.roll() : 0;
    time.in((what === 'symbols' ? 150 : 10 + 50 * weather.roll()) + slow * weather.roll(), arrive);
  }

  #reply<T>(request: SimRequest, subscriber: Subscriber<Reply<T>>, reply: Answered<T>): void {
    const { what, klines, sentAt } = request;
    const { time, weather } = this.#parts;
    const failure = this.failWith ?? this.failIf?.(request) ?? this.#failureNow(what);
    if (failure !== undefined) this.#refuse(subscriber, failure);
    else
      time.in(10 + 50 * weather.roll(), () => {
        if (subscriber.closed) return;
        const told: Reply<T> & Answered<T> = { ...reply, sentAt, receivedAt: time.local.now() };
        subscriber.next(klines === undefined ? told : this.#shown(told, klines));
        subscriber.complete();
      });
  }

  #failureNow(what: SimRequest['what']): MarketDataFailure | undefined {
    const { time, weather } = this.#parts;
    const now = time.exchange;
    if (what === 'time' && weather.hits('no time', now)) return 'server';
    if (what === 'symbols' && weather.hits('no symbols', now)) return 'server';
    if (weather.hits('banned', now)) return 'banned';
    return weather.hits('rate limited', now) ? 'rate limited' : FAILURES.find((failure) => weather.hits(failure, now));
  }

  #refuse(subscriber: Subscriber<unknown>, failure: MarketDataFailure): void {
    const { weather } = this.#parts;
    const pauses = failure === 'banned' || failure === 'rate limited';
    const retryAfterMs = pauses ? 1000 * Math.ceil(8 * weather.roll()) : undefined;
    const status = failure === 'geo-blocked' ? 451 : STATUS[failure as Fault];
    const error = new MarketDataError(failure, `simulated: ${failure}`, { status: status ?? 0, retryAfterMs });
    this.#fail(subscriber, error, failure === 'timeout' ? 4000 : 20);
  }

  #fail(subscriber: Subscriber<unknown>, error: MarketDataError, afterMs: number): void {
    const { time } = this.#parts;
    time.in(afterMs, () => {
      if (subscriber.closed) return;
      if (error.retryAfterMs !== undefined)
        this.#pausedUntil = Math.max(this.#pausedUntil, time.local.now() + error.retryAfterMs);
      subscriber.error(error);
    });
  }

  #rows(request: KlinesRequest): readonly Candle[] {
    const { weather, time, lagMs, movesAfterCloseMs } = this.#parts;
    const now = time.exchange;
    if (weather.hits('empty answer', now)) return [];
    const leavesOut = (row: Candle): boolean => this.#leavesOut(row);
    return klinesOf(request, { ...this.#parts, now: now - lagMs * weather.roll(), movesAfterCloseMs, leavesOut });
  }

  /** What of the rows the asker gets to see. */
  #shown<T>(reply: Reply<T>, request: KlinesRequest): Reply<T> {
    const shown = this.tamper(reply.value as readonly Candle[], request);
    const final = this.#finalOf(shown);
    const rejected = shown.flatMap((row) => rejectedOf(row) ?? []);
    return { ...reply, value: shown.filter((row) => unusableBecause(row) === undefined) as T, rejected, final };
  }

  /** OKX's rows say of themselves that they are final. */
  #finalOf(rows: readonly Candle[]): ReadonlySet<number> | undefined {
    const { venue, truth, time } = this.#parts;
    if (venue.id !== 'okx') return undefined;
    const isFinal = (row: Candle): boolean => {
      const last = truth.candle(row, row.timestamp);
      return last !== undefined && sameCandle(last, row) && row.closeTime < time.exchange;
    };
    return new Set(rows.filter(isFinal).map(({ timestamp }) => timestamp));
  }

  /** At most twice in all: what three answers agree on is so, whoever asked. */
  #leavesOut(row: Candle): boolean {
    const { weather, time } = this.#parts;
    const key = `${row.symbol} ${String(row.timestamp)}`;
    const times = this.#leftOut.get(key) ?? 0;
    const leaves = times < 2 && weather.hits('left-out row', time.exchange);
    if (leaves) this.#leftOut.set(key, times + 1);
    return leaves;
  }

  #holdAgainstLimits(request: SimRequest): void {
    if (this.#inFlight > 6) this.violations.push(`${String(this.#inFlight)} requests in flight`);
    if (request.sentAt < this.#pausedUntil) this.violations.push(`${request.what} sent during a ban`);
  }

  /** What is used of each limit by now; only of weight does a venue tell. */
  #count(cost: Cost): Usage {
    const { venue, weightPerMinute } = this.#parts;
    for (const { name, limit, windowMs, window } of venue.rest.limits) {
      const used = this.#spend(name, { amount: cost[name] ?? 0, windowMs, window });
      const most = name === 'weight' ? (weightPerMinute ?? limit) : limit;
      if (used > most) this.violations.push(`${String(used)} ${name} within ${String(windowMs)} ms`);
      if (name === 'weight') return { weight: used };
    }
    return {};
  }

  #spend(
    name: string,
    { amount, windowMs, window }: Pick<RateLimit, 'windowMs' | 'window'> & { amount: number },
  ): number {
    const now = this.#parts.time.exchange;
    const since = window === 'fixed' ? Math.floor(now / windowMs) * windowMs : now - windowMs;
    const spent = (this.#spent.get(name) ?? []).filter(({ at }) => at >= since);
    this.#spent.set(name, [...spent, { at: now, amount }]);
    return spent.reduce((sum, one) => sum + one.amount, amount);
  }
}
