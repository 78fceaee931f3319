/** Records some series of the exchange at these hosts into a file, and says what is durable. Killed by the spec. */
import { createFeed } from 'rx-candles';
import { openStore, record } from 'rx-candles/store';

const [path = '', stream = '', rest = '', ...symbols] = process.argv.slice(2);
process.stdout.write('begun\n');
const store = await openStore(path);
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
record(feed, series, store, { history: 20, batchMs: 50 }).subscribe({
  next: ({ candles }) => {
    process.stdout.write(candles.map(({ symbol, timestamp }) => `${symbol} ${timestamp}\n`).join(''));
  },
  error: (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
});
