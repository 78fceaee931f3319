import { defer, retry, timer } from 'rxjs';
import { ReconnectExhaustedError, closedCandles$ } from 'rx-candles';

let since: number | undefined;

/** After ten minutes without the exchange the stream errors; this waits a minute and resumes without a gap. */
const candles$ = defer(() => closedCandles$('BTCUSDT', '1m', { since })).pipe(
  retry({
    delay: (error: unknown) => {
      if (!(error instanceof ReconnectExhaustedError)) throw error;
      since = error.lastTimestamp ?? since;
      return timer(60_000);
    },
  }),
);

candles$.subscribe((candle) => console.log(candle.timestamp, candle.close));
