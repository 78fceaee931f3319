import { asyncScheduler, observeOn } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed();
const range = new Map<number, number>();

/** Blocks the only thread. The other series get their candles first; frames that arrive later wait. */
feed
  .closedCandles$('BTCUSDT', '1m')
  .pipe(observeOn(asyncScheduler))
  .subscribe(({ timestamp, high, low }) => {
    range.set(timestamp, high - low);
    const sorted = [...range.values()].sort((a, b) => a - b);
    console.log('BTCUSDT', timestamp, 'median range', sorted[sorted.length >> 1]);
  });

feed.closedCandles$('ETHUSDT', '1m').subscribe(({ symbol, timestamp }) => console.log(symbol, timestamp));

/** Handler time so far: the slowest single call, and the total. */
feed.status$.subscribe(({ slowestHandlerMs, handlerMs }) => console.error(slowestHandlerMs, handlerMs));
