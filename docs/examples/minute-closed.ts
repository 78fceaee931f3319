import { combineLatest, distinctUntilChanged, map, tap } from 'rxjs';
import { createFeed, type Candle } from 'rx-candles';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const feed = createFeed({ venue: 'bybit-linear' });
const waiting = new Map<number, Candle[]>();

const keep = (candle: Candle) => waiting.set(candle.timestamp, [...(waiting.get(candle.timestamp) ?? []), candle]);
const series = SYMBOLS.map((symbol) => feed.closedCandles$(symbol, '1m').pipe(tap(keep)));

/** The minute up to which all have closed: that of the symbol that is furthest behind, however late it is. */
const closedUpTo$ = combineLatest(series).pipe(
  map((candles) => Math.min(...candles.map(({ timestamp }) => timestamp))),
  distinctUntilChanged(),
);

closedUpTo$.subscribe((upTo) => {
  for (const minute of [...waiting.keys()].filter((one) => one <= upTo).sort((a, b) => a - b)) {
    const candles = waiting.get(minute) ?? [];
    waiting.delete(minute);
    console.log(minute, candles.map(({ symbol, close }) => `${symbol} ${close}`).sort().join(', ')); // prettier-ignore
  }
});
