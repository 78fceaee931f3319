import { filter, map, pairwise } from 'rxjs';
import { EMA } from 'trading-signals';
import { closedCandles$ } from 'rx-candles';

const [fast, slow] = [new EMA(9), new EMA(21)];

/** Crossings of two moving averages, those of the last 300 candles first. */
closedCandles$('BTCUSDT', '5m', { history: 300 })
  .pipe(
    map((candle) => ({ candle, spread: Number(fast.add(candle.close)) - Number(slow.add(candle.close)) })),
    filter(() => slow.isStable),
    pairwise(),
    filter(([before, now]) => before.spread > 0 !== now.spread > 0),
  )
  .subscribe(([, { candle, spread }]) => {
    console.log(candle.source, candle.timestamp, spread > 0 ? 'up' : 'down', candle.close);
  });
