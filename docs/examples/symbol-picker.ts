import { createInterface } from 'node:readline';
import { EMPTY, catchError, fromEvent, map, switchMap } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot' });
const lines = createInterface({ input: process.stdin });

/** The symbol that was typed last. The one before is left, and one that does not exist is told. */
fromEvent(lines, 'line')
  .pipe(
    map(String),
    switchMap((symbol) =>
      feed.candles$(symbol, '1m', { history: 2 }).pipe(
        catchError((error: unknown) => {
          console.error(error);
          return EMPTY;
        }),
      ),
    ),
  )
  .subscribe(({ symbol, timestamp, close, closed }) => console.log(symbol, timestamp, close, closed));

lines.once('close', () => void feed.close());
