import { closedCandlesOf$, natsLog } from 'rx-candles/nats';

const log = natsLog({ servers: 'nats://127.0.0.1:4222' });

/** As from a feed: the last 200 candles, then live ones. No exchange is asked. */
closedCandlesOf$(log, 'BTCUSDT', '1m', { venue: 'binance-spot', history: 200 }).subscribe({
  next: (candle) => {
    console.log(candle.timestamp, candle.close, candle.source);
  },
  error: (error: unknown) => {
    console.error(error);
  },
});
