import { EMPTY, catchError, from, mergeMap } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-usdm', reconnect: { maxRetries: Infinity } });
const listed = await feed.symbols();
const symbols = listed.filter(({ phase, quote }) => phase === 'trading' && quote === 'USDT').map((one) => one.symbol);

/** A series that fails is told and left out; without `catchError` it would end all of them. */
from(symbols)
  .pipe(
    mergeMap((symbol) =>
      feed.closedCandles$(symbol, '1m').pipe(
        catchError((error: unknown) => {
          console.error(symbol, error);
          return EMPTY;
        }),
      ),
    ),
  )
  .subscribe(({ symbol, timestamp, close }) => console.log(symbol, timestamp, close));
