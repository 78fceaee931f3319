import { Registry } from 'prom-client';
import { closedCandlesOf$, LogCounts, logHealthOf, natsLog } from 'rx-candles/nats';
import { registerMetrics } from 'rx-candles/prometheus';

const log = natsLog({ servers: 'nats://127.0.0.1:4222', stream: 'CANDLES' });
const counts = new LogCounts(log, { name: 'CANDLES' });
const register = new Registry();
registerMetrics(counts, register);

/** `feedTo` takes `counts` too; the feed of a feeder is registered beside them. */
closedCandlesOf$(log, 'BTCUSDT', '1m', { venue: 'binance-spot', counts }).subscribe((candle) => {
  console.log(candle.close, logHealthOf(counts).healthy);
});
