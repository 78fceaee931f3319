import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { createFeed, type Candle } from 'rx-candles';

/** Stands for work that would hold a thread up for long. */
function answerTo({ symbol, timestamp, high, low }: Candle): string {
  return `${symbol} ${timestamp}: ${high - low}`;
}

/** This file twice: here it reads the socket and passes candles on, in order; in the worker it does the work. */
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', (answer: string) => console.log(answer));
  createFeed()
    .closedCandles$('BTCUSDT', '1m')
    .subscribe((candle) => worker.postMessage(candle));
} else {
  parentPort?.on('message', (candle: Candle) => parentPort?.postMessage(answerTo(candle)));
}
