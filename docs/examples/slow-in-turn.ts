import { appendFile } from 'node:fs/promises';
import { concatMap, defer, retry, timer } from 'rxjs';
import { ReconnectExhaustedError, closedCandles$, type Candle } from 'rx-candles';

let since: number | undefined;

/** Asynchronous work, one candle at a time. `since` is the last candle fully processed. */
async function store(candle: Candle): Promise<void> {
  since ??= candle.timestamp - 1;
  await appendFile('BTCUSDT-1m.ndjson', `${JSON.stringify(candle)}\n`);
  since = candle.timestamp;
}

/** An error overtakes what is queued in concatMap: resume from the last processed candle, not the error's `lastTimestamp`. */
const stored$ = defer(() => closedCandles$('BTCUSDT', '1m', { since })).pipe(concatMap(store));

const onError = (error: unknown) => {
  if (!(error instanceof ReconnectExhaustedError)) throw error;
  return timer(60_000);
};

stored$.pipe(retry({ delay: onError })).subscribe();
