import { createFeed } from 'rx-candles';

const feed = createFeed();

/** Every update of the candle that is still running, too: for a chart, not for a decision. */
feed.candles$('BTCUSDT', '1m').subscribe((candle) => {
  console.log(candle.timestamp, candle.close, candle.closed ? 'closed' : 'running');
});
