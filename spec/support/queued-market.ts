import { map, type Observable, type SchedulerLike } from 'rxjs';
import { SHORTEST_LENGTH_MS } from '../../src/core/interval.ts';
import { RateLimits } from '../../src/feed/rest/rate-limits.ts';
import { RequestQueue, type Answered } from '../../src/feed/rest/request-queue.ts';
import type { MarketData, Reply } from '../../src/ports/market-data.ts';
import type { Connector, Cost } from '../../src/ports/connector.ts';

/** A simulated market behind the queue and the limits that a feed has in front of a real one. */
export function queuedMarket(market: MarketData, venue: Connector, scheduler: SchedulerLike) {
  return (exchangeNow: () => number): MarketData => {
    const queue = new RequestQueue({ scheduler });
    const limits = new RateLimits({ limits: venue.rest.limits, scheduler, exchangeNow });
    const ask$ = <T>({ cost }: { cost: Cost }, priority: number, send$: () => Observable<Answered<T>>) =>
      queue.request$({ limits, cost, priority, send$ });
    return {
      serverTime$: (priority = 0) => ask$(venue.rest.time(), priority, () => market.serverTime$()),
      symbols$: (priority = 1) => ask$(venue.rest.symbols(), priority, () => market.symbols$()),
      klines$: (request, priority = SHORTEST_LENGTH_MS[request.interval]) =>
        ask$(venue.rest.candles(request, exchangeNow()), priority, () => answered(market.klines$(request))).pipe(
          map(({ value: { value, rejected = [] }, ...times }) => ({ value, rejected, ...times })),
        ),
    };
  };
}

/** The rows that are rejected pass the queue as a part of what was answered. */
function answered<T>(reply$: Observable<Reply<T>>): Observable<Answered<Reply<T>>> {
  return reply$.pipe(map((value) => ({ value })));
}
