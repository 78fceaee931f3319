import { createFeed } from 'rx-candles';

const feed = createFeed();

/**
 * Every update of the candle that is still running, too, after the last 500: for a chart, not for a decision. Open times
 * never fall, so that a chart can draw it as it comes.
 */
feed.candles$('BTCUSDT', '1m', { history: 500 }).subscribe((candle) => {
  console.log(candle.timestamp, candle.close, candle.closed ? 'closed' : 'running');
});
