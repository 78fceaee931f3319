import { closedCandles$ } from 'rx-candles';

const closes: number[] = [];

/** The last 200 closed candles, then live ones, with no gap or overlap: a moving average that is warm from the start. */
closedCandles$('ETHUSDT', '5m', { history: 200 }).subscribe((candle) => {
  closes.push(candle.close);
  if (closes.length > 200) closes.shift();
  if (candle.source === 'history') return;
  console.log(candle.timestamp, closes.reduce((sum, close) => sum + close, 0) / closes.length);
});
