import { Observable } from 'rxjs';
import type { Candle } from './core/candle.ts';
import type { ClosedCandlesOptions } from './core/closed-candles-options.ts';
import type { Interval } from './core/interval.ts';
import { createFeed, type Feed } from './create-feed.ts';
import { loadConfig } from './edges/load-config.ts';

let feed: Feed | undefined;
let users = 0;

/**
 * Every closed candle of a series, on a feed that all callers share. It is built on the first subscription from
 * `config.yaml` and `.env` in the working directory and the environment (all optional), and closed with the last.
 *
 * ```ts
 * closedCandles$('BTCUSDT', '1m').subscribe((candle) => console.log(candle.close));
 * ```
 *
 * Emits:     each candle exactly once, in rising open time, with its final values, none missing.
 * Errors:    as `Feed.closedCandles$`; ConfigError when the configuration cannot be used.
 * Completes: after the last candle of a symbol that stops trading.
 * Time:      the exchange's clock.
 */
export function closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
  return new Observable<Candle>((subscriber) => {
    const shared = (feed ??= createFeed(loadConfig()));
    users += 1;
    subscriber.add(() => {
      users -= 1;
      if (users > 0) return;
      feed = undefined;
      void shared.close();
    });
    subscriber.add(shared.closedCandles$(symbol, interval, options).subscribe(subscriber));
  });
}
