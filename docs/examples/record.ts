import { defer, retry } from 'rxjs';
import { createFeed } from 'rx-candles';
import { openStore, record } from 'rx-candles/store';

const store = await openStore('candles.db');
const feed = createFeed({ venue: 'binance-spot' });
const series = ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({ venue: 'binance-spot', symbol, interval: '1m' }) as const);

/** Goes on where the file ends, after a restart, a crash or an error: no hole, no repeat. */
defer(() => record(feed, series, store, { history: 500 }))
  .pipe(retry({ delay: 10_000 }))
  .subscribe(({ candles, gaps, revised, lagMs }) => {
    console.log(`${candles.length} candles durable after ${lagMs} ms, ${gaps.length} gaps, ${revised.length} revised`);
  });
