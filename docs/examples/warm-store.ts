import { createFeed } from 'rx-candles';
import { openStore } from 'rx-candles/store';

const store = await openStore('candles.db', { readOnly: true });
const feed = createFeed({ venue: 'binance-spot', store });

/** A thousand candles for indicators, of which the exchange is asked for those alone that are not stored. */
feed.closedCandles$('BTCUSDT', '1m', { history: 1000 }).subscribe((candle) => {
  console.log(candle.timestamp, candle.close, candle.source);
});
