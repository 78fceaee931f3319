import { Observable, Subscription, finalize, tap, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import { SHORTEST_LENGTH_MS } from '../../core/interval.ts';
import { MarketDataError, type KlinesRequest, type MarketData, type Reply } from '../../ports/market-data.ts';
import type { RestLimits, SymbolInfo } from '../../venues/venue.ts';
import type { WeightBudget } from './weight-budget.ts';

export interface RestGateOptions {
  readonly marketData: MarketData;
  readonly limits: Pick<RestLimits, 'klinesWeight' | 'timeWeight' | 'symbolsWeight'>;
  /** Shared by the gates of all markets with one limit. */
  readonly budget: WeightBudget;
  readonly scheduler: SchedulerLike;
  /** Most requests under way at one host. */
  readonly maxInFlight?: number;
}

/** What a gate is doing, for `status$`. */
export interface RestGateSnapshot {
  readonly inFlight: number;
  readonly queued: number;
  /** Weight used in this minute, by every market of the budget. */
  readonly usedWeight: number;
  /** Until when nothing is sent, ms UTC; null when nothing forbids it. */
  readonly pausedUntil: EpochMs | null;
}

/**
 * Requests in the order of their priority (lower first), then of asking.
 * Unsubscribing takes a request out of the queue or aborts it.
 */
export interface GatedMarketData extends MarketData {
  /** By default before everything else. */
  serverTime$(priority?: number): Observable<Reply<EpochMs>>;
  /** By default the length of the interval in ms: the shortest first. */
  klines$(request: KlinesRequest, priority?: number): Observable<Reply<readonly Candle[]>>;
  /** By default after the time and before klines. */
  symbols$(priority?: number): Observable<Reply<readonly SymbolInfo[]>>;
  snapshot(): RestGateSnapshot;
}

const TIME_FIRST = 0;
const SYMBOLS_NEXT = 1;
const MAX_IN_FLIGHT = 6;

/** One request that waits. */
interface Waiting {
  readonly priority: number;
  readonly weight: number;
  send(): void;
}

/**
 * A market's REST interface within the exchange's limits.
 * At most six requests are under way per host; the weight of a minute of the exchange's clock is not exceeded, by our
 * own count and by the exchange's; after 429, 418 or 403 nothing is sent until the pause is over. A request that hangs
 * costs one of the six places until its own deadline, and nobody else's turn. One that was sent on an idle socket
 * which the exchange had just hung up takes its turn again.
 *
 * ```text
 * asks      a(bc)--------
 * in flight a-b-c--         (one place: each starts when the one before ends)
 * ```
 *
 * Emits, errors, completes: as the market data does; failures reach the asker at once, who decides on asking again.
 * Time:      one timer, only while a request waits for the next minute or for a pause to end.
 */
export function restGate(options: RestGateOptions): GatedMarketData {
  const { marketData, limits, budget } = options;
  const queue = new RequestQueue(options);
  return {
    serverTime$: (priority = TIME_FIRST) =>
      queue.place$(() => marketData.serverTime$(), { priority, weight: limits.timeWeight }),
    symbols$: (priority = SYMBOLS_NEXT) =>
      queue.place$(() => marketData.symbols$(), { priority, weight: limits.symbolsWeight }),
    klines$: (request, priority = SHORTEST_LENGTH_MS[request.interval]) =>
      queue.place$(() => marketData.klines$(request), { priority, weight: limits.klinesWeight(request.limit) }),
    snapshot: () => ({ ...queue.counts, usedWeight: budget.usedWeight, pausedUntil: budget.pausedUntil }),
  };
}

class RequestQueue {
  readonly #options: RestGateOptions;
  readonly #maxInFlight: number;
  /** By priority, then by time of asking. */
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;
  #wake = Subscription.EMPTY;

  constructor(options: RestGateOptions) {
    this.#options = options;
    this.#maxInFlight = options.maxInFlight ?? MAX_IN_FLIGHT;
  }

  get counts(): { inFlight: number; queued: number } {
    return { inFlight: this.#inFlight, queued: this.#waiting.length };
  }

  place$<T>(
    request$: () => Observable<Reply<T>>,
    { priority, weight }: { priority: number; weight: number },
  ): Observable<Reply<T>> {
    return new Observable((subscriber) => {
      const waiting: Waiting = { priority, weight, send: () => this.#send(waiting, request$(), subscriber) };
      subscriber.add(() => this.#leave(waiting));
      this.#enqueue(waiting);
      this.#sendWhatMay();
    });
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.splice(this.#placeFor(waiting.priority), 0, waiting);
  }

  /** Behind everything of its priority. Half of what is left is ruled out at each look. */
  #placeFor(priority: number): number {
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#waiting[middle]?.priority ?? Infinity) <= priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #leave(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#sendWhatMay();
  }

  /** The first in the queue is not overtaken by a lighter one behind it. */
  #sendWhatMay(): void {
    this.#wake.unsubscribe();
    while (this.#inFlight < this.#maxInFlight) {
      const first = this.#waiting[0];
      if (first === undefined) return;
      const wait = this.#options.budget.waitFor(first.weight);
      if (wait > 0) {
        this.#wakeIn(wait);
        return;
      }
      this.#waiting.shift();
      first.send();
    }
  }

  #wakeIn(ms: number): void {
    this.#wake = this.#options.scheduler.schedule(() => this.#sendWhatMay(), ms);
  }

  #send<T>(waiting: Waiting, request$: Observable<Reply<T>>, subscriber: Subscriber<Reply<T>>): void {
    const { budget } = this.#options;
    const settle = budget.spend(waiting.weight);
    this.#inFlight += 1;
    const sent$ = request$.pipe(
      tap({
        next: (reply) => settle(reply.usedWeight),
        error: (error: unknown) => {
          if (!(error instanceof MarketDataError)) return;
          settle(error.usedWeight);
          budget.heed(error);
        },
      }),
      finalize(() => {
        settle(undefined);
        this.#inFlight -= 1;
        this.#sendWhatMay();
      }),
    );
    const answered = sent$.subscribe({
      next: (reply) => subscriber.next(reply),
      // Asked again only through the queue: the exchange may have told another request to wait since this one was sent.
      error: (error: unknown) => (mayBeSentAgain(error) ? this.#enqueue(waiting) : subscriber.error(error)),
      complete: () => subscriber.complete(),
    });
    subscriber.add(answered);
  }
}

function mayBeSentAgain(error: unknown): boolean {
  return error instanceof MarketDataError && error.onStaleSocket;
}
