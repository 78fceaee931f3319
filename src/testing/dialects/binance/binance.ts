import { allOf } from '../candle-values.ts';
import type { Dialect } from '../dialect.ts';
import { binanceRest } from './rest.ts';
import { BINANCE_RULES } from './rules.ts';
import { binanceStream } from './stream.ts';

/** USDⓈ-M, COIN-M and spot: one dialect, three markets. */
export const BINANCE: readonly Dialect[] = Object.values(BINANCE_RULES).map((rules) => ({
  rules,
  symbols: rules.symbols,
  paths: { stream: rules.prefix + rules.klineRoute, rest: '' },
  stream: binanceStream(rules),
  rest: binanceRest(rules),
  candleOf: allOf,
}));
