import { withoutTrades } from '../candle-values.ts';
import type { Dialect } from '../dialect.ts';
import { bybitRest } from './rest.ts';
import { BYBIT_RULES } from './rules.ts';
import { bybitStream } from './stream.ts';

/** Spot, linear and inverse: one dialect, three markets behind one host. */
export const BYBIT: readonly Dialect[] = Object.values(BYBIT_RULES).map((rules) => ({
  rules,
  symbols: rules.symbols,
  paths: { stream: '', rest: '' },
  stream: bybitStream(rules),
  rest: bybitRest(rules),
  candleOf: withoutTrades,
}));
