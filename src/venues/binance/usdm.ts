import { FUTURES_INTERVALS, binanceMarket, futuresKlinesWeight } from './market.ts';

/**
 * Binance USDⓈ-M futures.
 *
 * Klines are served on the `/market` route only; the old unrouted path still acknowledges them and sends nothing.
 * Closes come about 2 s after the minute, at times up to 2.4 s in recordings and later in reports.
 *
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Important-WebSocket-Change-Notice,
 *   read on 2026-11-22 (route, 1024 topics a connection, 10 messages a second); testnet hosts from the npm package
 *   `@binance/derivatives-trading-usds-futures` 38.1.1 of 2026-09-22; klines weights and 1500 rows measured 2026-10-07
 */
export const binanceUsdm = binanceMarket({
  id: 'binance-usdm',
  intervals: FUTURES_INTERVALS,
  endpoints: { stream: 'wss://fstream.binance.com/market', rest: 'https://fapi.binance.com' },
  testnet: { stream: 'wss://fstream.binancefuture.com/market', rest: 'https://testnet.binancefuture.com' },
  graceMs: 4000,
  settleMs: 2000,
  stream: { topicsPerConnection: 200, topicsPerRequest: 200, messagesPerSecond: 5 },
  rest: {
    path: '/fapi/v1',
    weightPerMinute: 2400,
    budget: 'binance-futures',
    klinesWeight: futuresKlinesWeight,
    timeWeight: 1,
    symbolsWeight: 1,
    paging: { maxRows: 1500, pageRows: 500, pagesFrom: 'oldest', maxSpanMs: Infinity },
  },
});
