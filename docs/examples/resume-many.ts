import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { merge } from 'rxjs';
import { closedCandles$, type Candle } from 'rx-candles';

const FILE = 'handled.json';
const handled = (existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {}) as Record<string, number>;

/** The old file or the new one, never half of one: a rename takes the place of the old in one step. */
function save({ symbol, timestamp }: Candle): void {
  handled[symbol] = timestamp;
  writeFileSync(`${FILE}.new`, JSON.stringify(handled), { flush: true });
  renameSync(`${FILE}.new`, FILE);
}

const each = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'].map((symbol) =>
  closedCandles$(symbol, '1m', { since: handled[symbol] }),
);

merge(...each).subscribe((candle) => {
  console.log(candle.symbol, candle.timestamp, candle.close, candle.source);
  save(candle);
});
