import type { MarketRules } from '../../market/market-rules.ts';

/** How Gate trades, as far as its documents say: candles are pushed every 2 s. How late a close comes is not known. */
export const GATE_RULES: MarketRules = {
  id: 'gate-spot',
  intervals: ['1m', '5m', '15m', '30m', '1h', '4h', '8h', '1d'],
  closeDelayMs: { min: 20, max: 600 },
  updateEveryMs: () => 2000,
  padTo: null,
  contractValue: null,
  statuses: { initial: 'tradable', trading: ['tradable', 'buyable', 'sellable'], ended: [] },
};
