import { closedCandles$ } from 'rx-candles';

const subscription = closedCandles$('BTCUSDT', '1m').subscribe((candle) => {
  console.log(new Date(candle.timestamp).toISOString(), candle.close, candle.volume);
});

// Closes the socket and clears all timers, so the process can exit.
process.once('SIGINT', () => subscription.unsubscribe());
