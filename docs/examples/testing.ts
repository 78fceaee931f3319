import { firstValueFrom, take, tap, toArray } from 'rxjs';
import { createFeed } from 'rx-candles';
import { startFakeExchange } from 'rx-candles/testing';

const exchange = await startFakeExchange({ seed: 7 });
const feed = createFeed({ venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') });

/** Five candles of a second each; the connection is cut after each, and none is lost. */
const candles = await firstValueFrom(
  feed.closedCandles$('BTCUSDT', '1s').pipe(
    tap(() => exchange.faults.stream.drop()),
    take(5),
    toArray(),
  ),
);
console.log(candles.map((candle) => `${candle.timestamp} ${candle.close} ${candle.source}`).join('\n'));

await feed.close();
await exchange.close();
