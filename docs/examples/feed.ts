import { merge } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot', reconnect: { maxRetries: Infinity }, logLevel: 'info' });

/** Many series share one connection; each keeps the promise on its own. */
const candles$ = merge(...['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((symbol) => feed.closedCandles$(symbol, '1m')));

candles$.subscribe({
  next: (candle) => console.log(candle.symbol, candle.timestamp, candle.close),
  complete: () => console.log('the feed is closed'),
});

process.once('SIGTERM', () => void feed.close());
