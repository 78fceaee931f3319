import { INTERVALS } from '../core/interval.ts';
import { binanceCodec } from './binance.ts';
import { binanceStream } from './binance-stream.ts';
import type { Venue } from './venue.ts';

const STREAM_LIMITS = {
  topicsPerConnection: 200,
  topicsPerRequest: 200,
  messagesPerSecond: 4,
  attemptsPerFiveMinutes: 250,
};

/**
 * Binance spot. The only market with `1s`.
 *
 * Five messages a second with pings and pongs counted, of which one is left for answering the exchange's pings;
 * 300 connection attempts in five minutes, 1024 topics a connection; klines weigh 2 whatever their number.
 *
 * @see https://github.com/binance/binance-spot-api-docs (web-socket-streams.md, rest-api.md) of 2026-07-21;
 *   testnet hosts from its folder testnet/, read on 2026-11-22
 */
export const binanceSpot: Venue = {
  ...binanceCodec('binance-spot'),
  id: 'binance-spot',
  intervals: INTERVALS,
  endpoints: { stream: 'wss://stream.binance.com:9443', rest: 'https://api.binance.com' },
  testnet: { stream: 'wss://stream.testnet.binance.vision', rest: 'https://testnet.binance.vision' },
  graceMs: 2000,
  settleMs: 1000,
  stream: STREAM_LIMITS,
  protocol: binanceStream('binance-spot', STREAM_LIMITS),
  rest: {
    weightPerMinute: 6000,
    budget: 'binance-spot',
    maxRows: 1000,
    klinesWeight: () => 2,
    pageRows: 1000,
    timeWeight: 1,
    symbolsWeight: 20,
    pagesFrom: 'oldest',
    maxSpanMs: Infinity,
  },
};
