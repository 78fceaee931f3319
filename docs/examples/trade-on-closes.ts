import { concatMap, filter, map, pairwise, withLatestFrom } from 'rxjs';
import { createFeed } from 'rx-candles';

/** Stands for your exchange client. An id made of the candle's identity cannot place the same order twice. */
async function order(side: 'buy' | 'sell', id: string): Promise<string> {
  return Promise.resolve(`${side} ${id}`);
}

const feed = createFeed({ venue: 'binance-spot' });
const FRESH_MS = 10_000;

/** Above the last high: buy; below the last low: sell; one order after the other, and none on a candle that came late. */
feed
  .closedCandles$('BTCUSDT', '1m', { history: 1 })
  .pipe(
    pairwise(),
    withLatestFrom(feed.status$.pipe(map(({ clockOffsetMs }) => clockOffsetMs ?? 0))),
    filter(([[, now], offsetMs]) => Date.now() + offsetMs - now.closeTime < FRESH_MS),
    concatMap(async ([[before, { symbol, timestamp, close }]]) => {
      if (close <= before.high && close >= before.low) return `hold ${symbol}-${timestamp}`;
      return order(close > before.high ? 'buy' : 'sell', `${symbol}-${timestamp}`);
    }),
  )
  .subscribe((done) => console.log(done));
