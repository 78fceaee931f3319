import { defer, retry } from 'rxjs';
import { createFeed } from 'rx-candles';
import { feedTo, natsLog } from 'rx-candles/nats';

const log = natsLog({ servers: ['nats://a:4222', 'nats://b:4222'] });
const feed = createFeed({ venue: 'binance-spot' });
const series = ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({ venue: 'binance-spot', symbol, interval: '1m' }) as const);

/** Run it twice, on two machines: each candle is stored once, whoever is first. */
await log.ensureStream();
log.status$.subscribe((status) => {
  if (status.state === 'waiting') console.warn(`the log is away: ${status.reason}`);
});
defer(() => feedTo(log, feed, series, { history: 500 }))
  .pipe(retry({ delay: 10_000 }))
  .subscribe(({ candle, outcome }) => {
    console.log(candle.symbol, candle.timestamp, outcome);
  });
