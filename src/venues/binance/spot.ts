import { INTERVALS } from '../../core/interval.ts';
import { binanceMarket } from './market.ts';

/**
 * Binance spot. The only market with `1s`.
 *
 * Five messages a second with pings and pongs counted, of which one is left for answering the exchange's pings;
 * 300 connection attempts in five minutes, 1024 topics a connection; klines weigh 2 whatever their number.
 *
 * @see https://github.com/binance/binance-spot-api-docs (web-socket-streams.md, rest-api.md) of 2026-07-21;
 *   testnet hosts from its folder testnet/, read on 2026-11-22
 */
export const binanceSpot = binanceMarket({
  id: 'binance-spot',
  intervals: INTERVALS,
  endpoints: { stream: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  testnet: { stream: 'wss://stream.testnet.binance.vision', rest: 'https://testnet.binance.vision' },
  graceMs: 2000,
  settleMs: 1000,
  stream: { topicsPerConnection: 200, topicsPerRequest: 200, messagesPerSecond: 4 },
  rest: {
    path: '/api/v3',
    weightPerMinute: 6000,
    budget: 'binance-spot',
    klinesWeight: () => 2,
    timeWeight: 1,
    symbolsWeight: 20,
    // Without it each of some thousand lines lists the account groups that may trade the symbol.
    symbolsQuery: { showPermissionSets: 'false' },
    paging: { maxRows: 1000, pageRows: 1000, pagesFrom: 'oldest', maxSpanMs: Infinity },
  },
});
