import { createServer } from 'node:http';
import { register } from 'prom-client';
import { merge, take } from 'rxjs';
import { createFeed, healthOf } from 'rx-candles';
import { registerMetrics } from 'rx-candles/prometheus';

const feed = createFeed({ venue: 'binance-spot' });
merge(feed.closedCandles$('BTCUSDT', '1m'), feed.closedCandles$('ETHUSDT', '1m')).subscribe((candle) => {
  console.log(candle.symbol, candle.close);
});
registerMetrics(feed, register);

/** `/metrics` for Prometheus; 503 on `/healthz` names the series that are late, and why. */
createServer((request, response) => {
  if (request.url === '/metrics') void register.metrics().then((text) => response.end(text));
  else
    feed.status$.pipe(take(1)).subscribe((status) => {
      const health = healthOf(status);
      response.writeHead(health.healthy ? 200 : 503).end(JSON.stringify(health));
    });
}).listen(9464, '127.0.0.1');
