export {
  startFakeExchange,
  FakeExchange,
  type PlayedFrame,
  type PlayOptions,
  type SeriesName,
} from './fake-exchange.ts';
export { RANDOM_FAULTS, Faults, type RandomFault, type RandomFaultOptions } from './faults.ts';
export { sameCandle } from '../core/candle.ts';
export { ExchangeClock } from './clock.ts';
export type { CloseInfo, FakeExchangeOptions } from './options.ts';
export type { FakeSymbol } from './symbols.ts';
export type { LimitBreak, KlinesRequestSeen, Stats } from './stats.ts';
export type { Fault, When } from './rules.ts';
export type {
  ConnectionInfo, Garbage, HandshakeInfo, RequestInfo, Rewrite, StreamFaults, TopicInfo, Which,
} from './stream-faults.ts'; // prettier-ignore
export type { BadBody, RestFaults, RestRequest } from './rest-faults.ts';
export type { Hole, MarketFaults, MarketPause, OddCandle, StatusChange } from './market-faults.ts';
