/** `rx-candles` as the examples import it: the built package, with the fake exchange's hosts where a program names none. */
import { Subject, takeUntil } from 'rxjs';
import * as real from 'rx-candles';

export * from 'rx-candles';

/** By venue; filled in when there is an exchange. */
export const hosts = {};
const feeds = [];
const end$ = new Subject();

export function createFeed(options = {}) {
  const feed = real.createFeed({ endpoints: hosts[options.venue ?? 'binance-usdm'], ...options });
  feeds.push(feed);
  return feed;
}

/** The default feed finds the fake exchange in `config.yaml`. */
export const closedCandles$ = (...args) => real.closedCandles$(...args).pipe(takeUntil(end$));

export async function end() {
  end$.next();
  await Promise.all(feeds.map((feed) => feed.close()));
}
