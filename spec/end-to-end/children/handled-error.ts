/** A program that handles the error of its one series, and ends by itself. */
import { createFeed, isFeedError, type FeedOptions } from 'rx-candles';

const feed = createFeed(JSON.parse(process.argv[2] ?? '{}') as FeedOptions);
feed.closedCandles$('BTCUSDT', '1s').subscribe({
  next: (candle) => console.log(JSON.stringify({ type: 'heard', candle })),
  error: (error: unknown) => {
    if (!isFeedError(error)) throw error;
    const { code, lastTimestamp = null, message } = error;
    console.log(JSON.stringify({ type: 'error', code, lastTimestamp, message, cause: String(error.cause) }));
  },
});
