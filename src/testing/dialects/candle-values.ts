import { closeTimeOf, type Interval } from '../../core/interval.ts';
import type { Kline } from '../market/kline.ts';
import type { CandleValues } from './dialect.ts';

/** All that a kline holds. */
export function allOf(kline: Kline): CandleValues {
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

/** Where neither the number of trades nor who took is told. */
export function withoutTrades(kline: Kline): CandleValues {
  return { ...allOf(kline), trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
}

/** Where it is not told either when the candle closes: on the grid, then. */
export function onGrid(kline: Kline, interval: Interval): CandleValues {
  return { ...withoutTrades(kline), closeTime: closeTimeOf(kline.openTime, interval) };
}
