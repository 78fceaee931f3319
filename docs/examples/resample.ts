import { closedCandles$, resample } from 'rx-candles';

/** Seven-minute candles, which no exchange has; an incomplete first bucket is not emitted. */
closedCandles$('BTCUSDT', '1m', { history: 600 })
  .pipe(resample('7m'))
  .subscribe((candle) => console.log(candle.timestamp, candle.open, candle.high, candle.low, candle.close));
