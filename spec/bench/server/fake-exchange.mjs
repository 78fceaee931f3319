import { startFakeExchange } from '../../../dist/testing/index.js';
import { answer } from '../lib/processes.mjs';
import { symbolsOf } from '../lib/series.mjs';

/** The fake exchange that users test with: a market at its own pace, with the real limits, which it counts breaks of. */
let exchange;

answer({
  listen: async ({ symbols, startAt }) => {
    exchange = await startFakeExchange({ symbols: { 'binance-usdm': symbolsOf(symbols) }, startAt });
    return exchange.endpoints();
  },
  state: () => ({
    now: exchange.now(),
    connections: exchange.stats.connections,
    topics: exchange.stats.topics,
    attempts: exchange.stats.attempts,
    frames: exchange.stats.frames,
    closes: exchange.stats.closes,
    limitBreaks: exchange.stats.limitBreaks,
    klines: exchange.stats.klines.length,
  }),
  klines: ({ from }) => exchange.stats.klines.slice(from),
  cut: () => exchange.faults.stream.drop(),
});
