import { Readable } from 'node:stream';
import { take, type Observable } from 'rxjs';
import { createFeed, type Candle } from 'rx-candles';

/** Every value in turn; what comes while the loop is busy waits. Leaving the loop unsubscribes. */
function eachOf<T>(source$: Observable<T>): AsyncIterable<T> {
  const values = new Readable({ objectMode: true, read: () => undefined });
  const subscription = source$.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => values.destroy(error as Error),
    complete: () => values.push(null),
  });
  return values.once('close', () => subscription.unsubscribe());
}

const feed = createFeed({ venue: 'binance-spot' });
const candles$: Observable<Candle> = feed.closedCandles$('BTCUSDT', '1m', { history: 3 });

for await (const { timestamp, close, source } of eachOf(candles$.pipe(take(4)))) {
  console.log(timestamp, close, source);
}
await feed.close();
