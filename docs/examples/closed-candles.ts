import { closedCandles$ } from 'rx-candles';

const subscription = closedCandles$('BTCUSDT', '1m').subscribe((candle) => {
  console.log(new Date(candle.timestamp).toISOString(), candle.close, candle.volume);
});

// Socket closed, timers gone, the process can exit.
process.once('SIGINT', () => subscription.unsubscribe());
