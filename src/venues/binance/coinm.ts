import { FUTURES_INTERVALS, binanceMarket, futuresKlinesWeight } from './market.ts';

const DAY = 86_400_000;

/**
 * Binance COIN-M futures. `volume` counts contracts, `quoteVolume` is in the base asset.
 *
 * Sources disagree whether the unrouted path still delivers; `/market` does. The documentation says 1500 rows a
 * request, a comment in Binance's own client 1000: the smaller is used. Requests page backwards from their end.
 *
 * @see https://developers.binance.com/docs/derivatives/coin-margined-futures/websocket-market-streams, read on 2026-11-22;
 *   testnet hosts and the 200 days from `@binance/derivatives-trading-coin-futures` 19.0.0 of 2026-07-24; the budget
 *   shared with USDⓈ-M since 2026-06-30 from https://github.com/ccxt/ccxt/issues/28971
 */
export const binanceCoinm = binanceMarket({
  id: 'binance-coinm',
  intervals: FUTURES_INTERVALS,
  endpoints: { stream: 'wss://dstream.binance.com/market', rest: 'https://dapi.binance.com' },
  testnet: { stream: 'wss://dstream.binancefuture.com/market', rest: 'https://testnet.binancefuture.com' },
  graceMs: 4000,
  settleMs: 2000,
  stream: { topicsPerConnection: 200, topicsPerRequest: 200, messagesPerSecond: 5 },
  rest: {
    path: '/dapi/v1',
    weightPerMinute: 2400,
    budget: 'binance-futures',
    klinesWeight: futuresKlinesWeight,
    timeWeight: 1,
    symbolsWeight: 1,
    paging: { maxRows: 1000, pageRows: 500, pagesFrom: 'newest', maxSpanMs: 200 * DAY },
  },
});
