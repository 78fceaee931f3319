import type { VenueId } from '../../../core/candle.ts';
import { BYBIT_INTERVALS } from '../../../venues/bybit/interval-code.ts';
import type { MarketRules } from '../../market/market-rules.ts';

/** How one Bybit market behaves. */
export interface BybitRules extends MarketRules {
  /** What its socket and its REST requests are called by. */
  readonly category: 'spot' | 'linear' | 'inverse';
  readonly symbols: readonly string[];
  /** Most topics of one request; Infinity where no document names a number. */
  readonly topicsPerRequest: number;
}

const common = {
  intervals: BYBIT_INTERVALS,
  // Three recorded closes, of 2026-08-09, were written 441, 563 and 1005 ms after the minute.
  closeDelayMs: { min: 400, max: 1100 },
  // "1-60s" in the documentation.
  updateEveryMs: () => 1000,
  padTo: null,
  statuses: { initial: 'Trading', trading: ['Trading', 'PreLaunch'], ended: ['Settling', 'Delivering', 'Closed'] },
} as const;

export const BYBIT_RULES: Readonly<Record<Extract<VenueId, `bybit-${string}`>, BybitRules>> = {
  'bybit-spot': {
    ...common,
    id: 'bybit-spot',
    category: 'spot',
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT'],
    topicsPerRequest: 10,
    contractValue: null,
  },
  'bybit-linear': {
    ...common,
    id: 'bybit-linear',
    category: 'linear',
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT', 'BTCPERP'],
    topicsPerRequest: Infinity,
    contractValue: null,
  },
  'bybit-inverse': {
    ...common,
    id: 'bybit-inverse',
    category: 'inverse',
    symbols: ['BTCUSD', 'ETHUSD', 'XRPUSD'],
    topicsPerRequest: Infinity,
    contractValue: 1,
  },
};
