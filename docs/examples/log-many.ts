import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { closedCandlesOfMany$, natsLog, type SeriesMark } from 'rx-candles/nats';

const FILE = 'handled.json';
const log = natsLog();
const marks = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as SeriesMark[]) : [];
const handled = new Map(marks.map((mark) => [mark.symbol, mark]));

/** All 1m candles of a market by one reader, each series after the last candle handled of it. */
closedCandlesOfMany$(log, { venue: 'binance-spot', interval: '1m' }, { since: marks }).subscribe((candle) => {
  const { venue, symbol, interval, timestamp } = candle;
  handled.set(symbol, { venue, symbol, interval, timestamp });
  writeFileSync(FILE, JSON.stringify([...handled.values()]));
});
