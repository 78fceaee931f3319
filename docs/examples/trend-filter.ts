import { map, pairwise, withLatestFrom } from 'rxjs';
import { createFeed } from 'rx-candles';

const feed = createFeed({ venue: 'binance-spot' });

const rising$ = feed.closedCandles$('BTCUSDT', '1h', { history: 2 }).pipe(
  pairwise(),
  map(([before, now]) => now.close > before.close),
);

/** Closes of a minute, each with the trend of the last two hours that had closed when it came. */
feed
  .closedCandles$('BTCUSDT', '1m')
  .pipe(withLatestFrom(rising$))
  .subscribe(([{ timestamp, close }, rising]) => console.log(timestamp, close, rising ? 'up' : 'down'));
