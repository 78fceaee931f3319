import { makeCandle, unusableBecause, type Candle, type EpochMs, type VenueId } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import { numberOf } from '../values.ts';

/** Whose candles these are: a frame names the symbol in its topic, a row nowhere, and neither names the market. */
export interface Series {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
}

/** What Bybit tells of a candle: decimals as text. */
export interface Told {
  readonly timestamp: EpochMs;
  readonly closeTime: EpochMs;
  readonly open: unknown;
  readonly high: unknown;
  readonly low: unknown;
  readonly close: unknown;
  /** Base asset; on `inverse` contracts of one US dollar. */
  readonly volume: unknown;
  /** Quote asset; on `inverse` the base asset. */
  readonly turnover: unknown;
  readonly source: Candle['source'];
}

/**
 * The candle, or what is wrong with it. Field by field: to spread the series takes twenty times as long. Bybit tells neither the number of trades nor who took.
 *
 * @see https://bybit-exchange.github.io/docs/v5/market/kline, read on 2026-07-24, for the units
 */
export function candleOf(series: Series, told: Told): Candle | string {
  const candle = makeCandle({
    venue: series.venue,
    symbol: series.symbol,
    interval: series.interval,
    timestamp: told.timestamp,
    closeTime: told.closeTime,
    open: numberOf(told.open),
    high: numberOf(told.high),
    low: numberOf(told.low),
    close: numberOf(told.close),
    volume: numberOf(told.volume),
    quoteVolume: numberOf(told.turnover),
    trades: null,
    takerBuyVolume: null,
    takerBuyQuoteVolume: null,
    source: told.source,
  });
  return unusableBecause(candle) ?? candle;
}
