import type { Kline } from '../../market/kline.ts';
import type { CandleValues, Dialect } from '../dialect.ts';
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
  candleOf,
}));

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
    trades: kline.trades,
    takerBuyVolume: Number(kline.takerBuyVolume),
    takerBuyQuoteVolume: Number(kline.takerBuyQuoteVolume),
  };
}
