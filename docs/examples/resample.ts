import { closedCandles$, resample } from 'rx-candles';

/** Seven-minute candles, which no exchange has; a partial first bucket is not passed off as a whole one. */
closedCandles$('BTCUSDT', '1m', { history: 600 })
  .pipe(resample('7m'))
  .subscribe((candle) => console.log(candle.timestamp, candle.open, candle.high, candle.low, candle.close));
