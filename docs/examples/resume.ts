import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closedCandles$ } from 'rx-candles';

const LAST = 'BTCUSDT-1m.last';

const since = existsSync(LAST) ? Number(readFileSync(LAST, 'utf8')) : undefined;

/** Everything since the last processed candle, then live: a restart loses nothing and repeats nothing. */
closedCandles$('BTCUSDT', '1m', { since }).subscribe((candle) => {
  console.log(candle.timestamp, candle.close);
  writeFileSync(LAST, String(candle.timestamp));
});
