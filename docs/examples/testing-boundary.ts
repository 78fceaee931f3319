import { firstValueFrom } from 'rxjs';
import { createFeed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';

/** Two seconds before midnight UTC, so that a 1d candle closes two seconds from now. */
const exchange = await startFakeExchange({ startAt: Date.UTC(2026, 0, 1, 23, 59, 58) });
const feed = createFeed({ endpoints: exchange.endpoints('binance-usdm') });

const candle = await firstValueFrom(feed.closedCandles$('BTCUSDT', '1d'));
const truth = exchange.candleAt({ symbol: 'BTCUSDT', interval: '1d' }, candle.timestamp);
console.log(candle.close === truth?.close, exchange.stats.limitBreaks.length);

await feed.close();
await exchange.close();
