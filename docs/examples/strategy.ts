import { filter, map, pairwise, type Observable } from 'rxjs';
import { resample, type Candle } from 'rx-candles';

export interface Trade {
  readonly side: 'buy' | 'sell';
  readonly timestamp: number;
  readonly price: number;
}

/** Buys after a rising five minutes that follows a falling one, sells after the opposite. */
export function trades$(candles$: Observable<Candle>): Observable<Trade> {
  return candles$.pipe(
    resample('5m'),
    pairwise(),
    filter(([before, now]) => before.close >= before.open !== now.close >= now.open),
    map(([, { timestamp, open, close }]) => ({ side: close >= open ? 'buy' : 'sell', timestamp, price: close })),
  );
}
