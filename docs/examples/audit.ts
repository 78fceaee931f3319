import { concatMap, tap } from 'rxjs';
import { createFeed } from 'rx-candles';
import { audit, openStore } from 'rx-candles/store';

const store = await openStore('candles.db');
const feed = createFeed({ venue: 'binance-spot' });

/** The last day, as the exchange has it now. What was added is stored; what was revised is kept beside. */
audit(store, feed, { from: Date.now() - 86_400_000 })
  .pipe(
    tap(({ kind, ...found }) => console.log(kind, found)),
    concatMap((found) => (found.kind === 'withdrawn' ? [] : store.append([found.candle]))),
  )
  .subscribe({ complete: () => void Promise.all([feed.close(), store.close()]) });
