import { createFeed } from '../../../../dist/index.js';

/** Closed candles as they come, with the defaults; only the age of connections is scaled like the exchange's day. */
export function watch({ endpoints, symbols, rotateAfterMs }, emit) {
  const feed = createFeed({
    venue: 'binance-spot',
    endpoints,
    logLevel: 'silent',
    ...(rotateAfterMs !== undefined && { rotateAfterMs }),
  });
  for (const symbol of symbols) {
    feed.closedCandles$(symbol, '1s').subscribe({ next: emit, error: (error) => console.error(`${symbol}: ${error}`) });
  }
}
