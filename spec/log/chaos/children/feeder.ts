/** Feeds some series of the exchange at these hosts into the log on this server. Killed and stopped by the spec. */
import { createFeed } from 'rx-candles';
import { feedTo, natsLog } from 'rx-candles/nats';

const [url = '', stream = '', rest = '', ...symbols] = process.argv.slice(2);
const feed = createFeed({
  venue: 'binance-spot',
  endpoints: { stream, rest },
  logLevel: 'silent',
  graceMs: 300,
  settleMs: 100,
  restTimeoutMs: 500,
  reconnect: { initialDelayMs: 20, maxDelayMs: 200, maxRetries: Infinity },
});
const series = symbols.map((symbol) => ({ venue: 'binance-spot', symbol, interval: '1s' }) as const);
feedTo(natsLog({ servers: url }), feed, series, { history: 5 }).subscribe({
  error: (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
});
process.stdout.write('begun\n');
