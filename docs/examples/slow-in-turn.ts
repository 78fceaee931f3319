import { appendFile } from 'node:fs/promises';
import { concatMap, defer, retry, timer } from 'rxjs';
import { ReconnectExhaustedError, closedCandles$, type Candle } from 'rx-candles';

let since: number | undefined;

/** Work that waits for something, one candle after the other. `since` is the last one that is done with. */
async function store(candle: Candle): Promise<void> {
  since ??= candle.timestamp - 1;
  await appendFile('BTCUSDT-1m.ndjson', `${JSON.stringify(candle)}\n`);
  since = candle.timestamp;
}

/** An error overtakes what waits in concatMap: go on from what is done, not from the error's `lastTimestamp`. */
const stored$ = defer(() => closedCandles$('BTCUSDT', '1m', { since })).pipe(concatMap(store));

const onError = (error: unknown) => {
  if (!(error instanceof ReconnectExhaustedError)) throw error;
  return timer(60_000);
};

stored$.pipe(retry({ delay: onError })).subscribe();
