import { expect, test } from 'vitest';
import { firstValueFrom } from 'rxjs';
import { createFeed } from 'rx-candles';
import { sameCandle, startFakeExchange } from 'rx-candles/testing';

test('the next closed candle is the exchange’s own', async () => {
  const exchange = await startFakeExchange();
  const feed = createFeed({ venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') });

  const candle = await firstValueFrom(feed.closedCandles$('BTCUSDT', '1s'));
  const truth = exchange.candleAt({ venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' }, candle.timestamp);
  expect(sameCandle(candle, truth)).toBe(true);

  await feed.close();
  await exchange.close();
});
