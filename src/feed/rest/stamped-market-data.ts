import { defer, from, of, switchMap, tap, type Observable, type SchedulerLike } from 'rxjs';
import type { MarketData, Reply } from '../../ports/market-data.ts';

/** Local times of one request. */
export interface Stamp {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Market data whose replies can be asked for their times. */
export interface StampedMarketData {
  readonly marketData: MarketData;
  /** @param reply - one that this market data emitted */
  readonly stampOf: (reply: object) => Stamp;
}

/** Notes when each request was really sent and answered, however long it queued or something loaded before. */
export function stamped(marketData: MarketData, scheduler: SchedulerLike): StampedMarketData {
  const stamps = new WeakMap<object, Stamp>();
  const ready$ = defer(() => (marketData.ready === undefined ? of(undefined) : from(marketData.ready())));
  const stamp$ = <T>(request$: () => Observable<Reply<T>>): Observable<Reply<T>> =>
    ready$.pipe(
      switchMap(() => {
        const sentAt = scheduler.now();
        return request$().pipe(tap((reply) => stamps.set(reply, { sentAt, receivedAt: scheduler.now() })));
      }),
    );
  return {
    marketData: {
      serverTime$: () => stamp$(() => marketData.serverTime$()),
      klines$: (request) => stamp$(() => marketData.klines$(request)),
      symbols$: () => stamp$(() => marketData.symbols$()),
    },
    stampOf: (reply) => {
      const stamp = stamps.get(reply);
      if (stamp === undefined) throw new TypeError('stampOf: not a reply of this market data');
      return stamp;
    },
  };
}
