import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closedCandles$ } from 'rx-candles';

const LAST = 'ETHUSDT-1m.last';
const closes: number[] = [];

const since = existsSync(LAST) ? Number(readFileSync(LAST, 'utf8')) : undefined;

/** After a restart: 200 candles already processed, for warm-up, then all that were missed, then live ones. */
closedCandles$('ETHUSDT', '1m', { history: 200, since }).subscribe((candle) => {
  closes.push(candle.close);
  if (closes.length > 200) closes.shift();
  if (candle.source === 'history') return;
  console.log(candle.timestamp, closes.reduce((sum, close) => sum + close, 0) / closes.length);
  writeFileSync(LAST, String(candle.timestamp));
});
