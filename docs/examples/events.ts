import { EventType, createFeed } from 'rx-candles';

const feed = createFeed();

feed.bus.on(EventType.CANDLE_CLOSED).subscribe(({ symbol, interval, candle }) => {
  console.log(symbol, interval, candle.close);
});
feed.bus.on(EventType.RECONNECTING).subscribe(({ url, attempt, delayMs, reason, detail = reason }) => {
  console.error(`reconnecting to ${url}, attempt ${attempt} in ${delayMs} ms: ${detail}`);
});
feed.bus.on(EventType.CANDLE_MISSING).subscribe(({ symbol, from, to }) => {
  console.error(`the exchange has no ${symbol} candles from ${from} to ${to}`);
});

// The bus only reports; it is the subscription that opens the series.
feed.closedCandles$('BTCUSDT', '1m').subscribe();
