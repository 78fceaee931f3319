import type { Kline } from '../../market/kline.ts';
import type { CandleValues, Dialect } from '../dialect.ts';
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
  candleOf,
}));

/** Neither the number of trades nor who took is told. */
function candleOf(kline: Kline): CandleValues {
  return {
    timestamp: kline.openTime,
    closeTime: kline.closeTime,
    open: Number(kline.open),
    high: Number(kline.high),
    low: Number(kline.low),
    close: Number(kline.close),
    volume: Number(kline.volume),
    quoteVolume: Number(kline.quoteVolume),
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
  };
}
