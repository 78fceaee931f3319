import { Observable, type Subscriber } from 'rxjs';
import type { Candle } from './core/candle.ts';
import { asOf, type ClosedCandlesOptions } from './core/closed-candles-options.ts';
import type { Interval } from './core/interval.ts';
import type { FeedSettings } from './core/settings.ts';
import { createFeed, type Feed } from './create-feed.ts';
import { monotonicScheduler } from './adapters/clock.ts';
import { findConfig } from './adapters/load-config.ts';

/** The feed that all callers share, from the first subscription to the last. */
interface Shared {
  users: number;
  /** Undefined while its settings are being read. */
  feed: Feed | undefined;
  /** Resolves when there is a feed, or when all have unsubscribed before there was one. */
  readonly ready: Promise<void>;
}

let current: Shared | undefined;

/**
 * Every closed candle of a series, on a feed that all callers share. It is built on the first subscription from
 * `config.yaml` and `.env` in the working directory and the environment (all optional), and closed with the last. What is
 * unknown in these files is ignored with one WARN; an invalid value of a known key is an error.
 *
 * ```ts
 * closedCandles$('BTCUSDT', '1m').subscribe((candle) => console.log(candle.close));
 * ```
 *
 * Emits:     each candle exactly once, in rising open time, with its final values, none missing, from the one running at
 *            `subscribe` on.
 * Errors:    as `Feed.closedCandles$`; ConfigError when the configuration cannot be used.
 * Completes: after the last candle of a symbol that stops trading.
 * Time:      the exchange's clock.
 */
export function closedCandles$(symbol: string, interval: Interval, options?: ClosedCandlesOptions): Observable<Candle> {
  return new Observable<Candle>((subscriber) => {
    const subscribedAt = monotonicScheduler.now();
    const shared = (current ??= share());
    shared.users += 1;
    subscriber.add(() => {
      leave(shared);
    });
    const join = () => {
      if (shared.feed === undefined || subscriber.closed) return;
      const candles$ = shared.feed.closedCandles$(symbol, interval, asOf(subscribedAt, options));
      subscriber.add(candles$.subscribe(subscriber));
    };
    if (shared.feed === undefined) joinWhenReady(shared, join, subscriber);
    else join();
  });
}

function share(): Shared {
  const shared: Shared = { users: 0, feed: undefined, ready: findConfig().then(open) };
  return shared;

  function open(settings: FeedSettings): void {
    if (shared.users > 0) shared.feed = createFeed(settings);
  }
}

function joinWhenReady(shared: Shared, join: () => void, subscriber: Subscriber<Candle>): void {
  shared.ready.then(join, (error: unknown) => {
    // Subscribing again after this error reads the files anew.
    if (current === shared) current = undefined;
    subscriber.error(error);
  });
}

function leave(shared: Shared): void {
  shared.users -= 1;
  if (shared.users > 0) return;
  if (current === shared) current = undefined;
  void shared.feed?.close();
}
