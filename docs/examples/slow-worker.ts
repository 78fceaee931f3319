import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { createFeed, type Candle } from 'rx-candles';

/** Stands for work that blocks a thread for long. */
function answerTo({ symbol, timestamp, high, low }: Candle): string {
  return `${symbol} ${timestamp}: ${high - low}`;
}

/** This file runs twice: the main thread reads the socket and passes candles on, in order; the worker does the work. */
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', (answer: string) => console.log(answer));
  createFeed()
    .closedCandles$('BTCUSDT', '1m')
    .subscribe((candle) => worker.postMessage(candle));
} else {
  parentPort?.on('message', (candle: Candle) => parentPort?.postMessage(answerTo(candle)));
}
