import { closeTimeOf, type Interval } from '../../../core/interval.ts';
import type { Kline } from '../../market/kline.ts';
import type { CandleValues, Dialect } from '../dialect.ts';
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
  candleOf,
};

/** Not told: when it closes, the number of trades, who took. */
function candleOf(kline: Kline, interval: Interval): CandleValues {
  return {
    timestamp: kline.openTime,
    closeTime: closeTimeOf(kline.openTime, interval),
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
