import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-usdm', reconnect: { maxRetries: Infinity } });

/** No loop, no check whether the last one has closed, no reading again after an error: a candle comes when it is final. */
feed.closedCandles$('BTC/USDT:USDT', '1m', { history: 100 }).subscribe((candle) => {
  const { timestamp, open, high, low, close, volume } = candle;
  console.log([timestamp, open, high, low, close, volume]);
});
