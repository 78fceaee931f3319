import { onGrid } from '../candle-values.ts';
import type { Dialect } from '../dialect.ts';
import { gateRest } from './rest.ts';
import { GATE_RULES } from './rules.ts';
import { gateStream } from './stream.ts';

/** Gate spot. */
export const GATE: Dialect = {
  rules: GATE_RULES,
  symbols: ['BTC_USDT', 'ETH_USDT', 'SOL_USDT', 'XRP_USDT', 'DOGE_USDT'],
  paths: { stream: '/ws/v4', rest: '' },
  stream: gateStream,
  rest: gateRest,
  candleOf: onGrid,
};
