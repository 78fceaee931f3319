import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { merge } from 'rxjs';
import { createFeed, type Candle } from 'rx-candles';

const FILE = 'handled.json';
const NEW = `${FILE}.new`;
const handled = (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}) as Record<string, number>;
const feed = createFeed({ venue: 'binance-spot', reconnect: { maxRetries: Infinity } });

/** The old file or the new one, never half of one: a rename takes the place of the old in one step. */
function save({ symbol, timestamp }: Candle): void {
  handled[symbol] = timestamp;
  writeFileSync(NEW, JSON.stringify(handled), { flush: true });
  renameSync(NEW, FILE);
}

const each = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'].map((symbol) =>
  feed.closedCandles$(symbol, '1m', { since: handled[symbol] }),
);

merge(...each).subscribe((candle) => {
  console.log(candle.symbol, candle.timestamp, candle.close, candle.source);
  save(candle);
});
