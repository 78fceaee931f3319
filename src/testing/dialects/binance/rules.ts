import { INTERVALS, type Interval } from '../../../core/interval.ts';
import type { VenueId } from '../../../core/candle.ts';
import type { MarketRules } from '../../market/market-rules.ts';

const DAY = 86_400_000;

export type BinanceId = Extract<VenueId, `binance-${string}`>;

/** How one Binance market behaves: docs/protocol.md as data. */
export interface BinanceRules extends MarketRules {
  readonly id: BinanceId;
  readonly symbols: readonly string[];
  /** First part of every stream path of this market on the fake exchange. */
  readonly prefix: string;
  /** The route that has klines; every other route acknowledges and stays silent (docs/protocol.md, Hosts). */
  readonly klineRoute: string;
  readonly restBase: string;
  readonly topicsPerConnection: number;
  readonly messagesPerSecond: number;
  readonly pingsCount: boolean;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly attemptsPerFiveMinutes: number;
  /** Markets with one name here share one weight budget. */
  readonly budget: 'futures' | 'spot';
  readonly weightPerMinute: number;
  readonly maxRows: number;
  klinesWeight(limit: number): number;
  readonly symbolsWeight: number;
  readonly pagesFrom: 'oldest' | 'newest';
  readonly maxSpanMs: number;
  /** What stands between the members of `k` in a frame; everything else is written without spaces (docs/protocol.md, A kline). */
  readonly betweenMembers: ',' | ', ';
}

/** docs/protocol.md, REST: bands measured on USDⓈ-M, 2026-10-07. */
function futuresWeight(limit: number): number {
  if (limit <= 100) return 1;
  if (limit <= 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

/** After `SETTLING` and the like the stream sends nothing more. */
const statuses = {
  initial: 'TRADING',
  trading: ['TRADING', 'PRE_DELIVERING'],
  ended: ['SETTLING', 'CLOSE', 'DELIVERING', 'DELIVERED'],
} as const;

const futures = {
  statuses,
  klineRoute: '/market',
  intervals: INTERVALS.filter((interval) => interval !== '1s'),
  messagesPerSecond: 10,
  pingsCount: false,
  pingEveryMs: 180_000,
  pongWithinMs: 600_000,
  attemptsPerFiveMinutes: 300,
  closeDelayMs: { min: 5, max: 100 },
  updateEveryMs: () => 250,
  budget: 'futures',
  weightPerMinute: 2400,
  maxRows: 1500,
  klinesWeight: futuresWeight,
  symbolsWeight: 1,
  padTo: null,
} as const;

export const BINANCE_RULES: Readonly<Record<BinanceId, BinanceRules>> = {
  'binance-usdm': {
    ...futures,
    id: 'binance-usdm',
    symbols: ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT', 'XRPUSDT', '币安人生USDT'],
    prefix: '/usdm',
    restBase: '/fapi/v1',
    topicsPerConnection: 1024,
    contractValue: null,
    pagesFrom: 'oldest',
    maxSpanMs: Infinity,
    betweenMembers: ', ',
  },
  'binance-coinm': {
    ...futures,
    id: 'binance-coinm',
    symbols: ['BTCUSD_PERP', 'ETHUSD_PERP'],
    prefix: '/coinm',
    restBase: '/dapi/v1',
    topicsPerConnection: 200,
    contractValue: 10,
    pagesFrom: 'newest',
    maxSpanMs: 200 * DAY,
    betweenMembers: ',',
  },
  'binance-spot': {
    id: 'binance-spot',
    symbols: ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT', 'XRPUSDT'],
    statuses,
    prefix: '/spot',
    klineRoute: '',
    restBase: '/api/v3',
    intervals: INTERVALS,
    topicsPerConnection: 1024,
    contractValue: null,
    messagesPerSecond: 5,
    pingsCount: true,
    pingEveryMs: 20_000,
    pongWithinMs: 60_000,
    attemptsPerFiveMinutes: 300,
    closeDelayMs: { min: 2, max: 20 },
    updateEveryMs: (interval: Interval) => (interval === '1s' ? 1000 : 2000),
    budget: 'spot',
    weightPerMinute: 6000,
    maxRows: 1000,
    klinesWeight: () => 2,
    symbolsWeight: 20,
    pagesFrom: 'oldest',
    maxSpanMs: Infinity,
    betweenMembers: ',',
    padTo: 8,
  },
};
