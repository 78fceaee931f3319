import { onGrid } from '../candle-values.ts';
import type { Dialect } from '../dialect.ts';
import { okxRest } from './rest.ts';
import { OKX_RULES, OKX_SYMBOLS } from './rules.ts';
import { okxStream } from './stream.ts';

/** OKX: spot, perpetuals and futures on one socket. */
export const OKX: Dialect = {
  rules: OKX_RULES,
  symbols: OKX_SYMBOLS,
  paths: { stream: '', rest: '' },
  stream: okxStream,
  rest: okxRest,
  candleOf: onGrid,
};
