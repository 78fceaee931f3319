import { asyncScheduler, observeOn } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed();
const range = new Map<number, number>();

/** Takes its time, and the only thread with it. The other series get their candles first; frames that come later wait. */
feed
  .closedCandles$('BTCUSDT', '1m')
  .pipe(observeOn(asyncScheduler))
  .subscribe(({ timestamp, high, low }) => {
    range.set(timestamp, high - low);
    const sorted = [...range.values()].sort((a, b) => a - b);
    console.log('BTCUSDT', timestamp, 'median range', sorted[sorted.length >> 1]);
  });

feed.closedCandles$('ETHUSDT', '1m').subscribe(({ symbol, timestamp }) => console.log(symbol, timestamp));

/** What handlers have cost so far: the slowest single call, and all of them. */
feed.status$.subscribe(({ slowestHandlerMs, handlerMs }) => console.error(slowestHandlerMs, handlerMs));
