export { startFakeExchange, FakeExchange, type SeriesName } from './fake-exchange.ts';
export type { PlayOptions, PlayedFrame } from './server/play-frames.ts';
export { RANDOM_FAULTS, Faults, type RandomFault, type RandomFaultOptions } from './faults/faults.ts';
export { sameCandle } from '../core/candle.ts';
export { ExchangeClock } from './market/clock.ts';
export type { CloseInfo, FakeExchangeOptions } from './options.ts';
export type { FakeSymbol } from './market/symbols.ts';
export type { LimitBreak, KlinesRequestSeen, Stats } from './server/stats.ts';
export type { Fault, When } from './faults/rules.ts';
export type {
  ConnectionInfo, Garbage, HandshakeInfo, RequestInfo, Rewrite, StreamFaults, TopicInfo, Which,
} from './faults/stream-faults.ts'; // prettier-ignore
export type { BadBody, RestFaults, RestRequest } from './faults/rest-faults.ts';
export type { Hole, MarketFaults, MarketPause, OddCandle, StatusChange } from './faults/market-faults.ts';
export { memoryLog, type MemoryLog } from '../log/memory-log.ts';
export type { CandleLog, LogEntry } from '../ports/candle-log.ts';
