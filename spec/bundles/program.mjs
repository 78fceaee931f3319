/** A user's program: settings from config.yaml and .env, candles on stdout; it ends by itself. */
import { take } from 'rxjs';
import { closedCandles$ } from 'rx-candles';

closedCandles$('BTCUSDT', '1s')
  .pipe(take(2))
  .subscribe(({ timestamp }) => console.log(timestamp));
