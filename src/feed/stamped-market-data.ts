import { defer, tap, type Observable, type SchedulerLike } from 'rxjs';
import type { MarketData, Reply } from '../ports/market-data.ts';

/** Local times of one request. */
export interface Stamp {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Notes when each request was really sent and answered, however long it queued before. */
export function stamped(
  marketData: MarketData,
  scheduler: SchedulerLike,
): { marketData: MarketData; stampOf: (reply: object) => Stamp } {
  const stamps = new WeakMap<object, Stamp>();
  const stamp$ = <T>(request$: () => Observable<Reply<T>>) =>
    defer(() => {
      const sentAt = scheduler.now();
      return request$().pipe(tap((reply) => stamps.set(reply, { sentAt, receivedAt: scheduler.now() })));
    });
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
