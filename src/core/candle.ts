import type { Interval } from './interval.ts';

/** Milliseconds since 1970-01-01T00:00:00.000Z. */
export type EpochMs = number;

/** One exchange market with its own hosts and rules. */
export type VenueId = 'binance-usdm' | 'binance-coinm' | 'binance-spot';

/**
 * How a candle reached us: pushed live, fetched because the stream lost or delayed it or because it closed while the
 * program was away (after `since`), or fetched as warm-up (asked for by `history`).
 */
export type CandleSource = 'stream' | 'backfill' | 'history';

/**
 * One closed OHLCV candle. Two candles of one venue, symbol, interval and timestamp differ in nothing but `source`.
 *
 * @typeParam I - the exchange's intervals; others, such as `7m`, come out of `resample` only
 */
export interface Candle<I extends string = Interval> {
  readonly venue: VenueId;
  /** The exchange's own spelling, upper case: `BTCUSDT`, `BTCUSD_PERP`. */
  readonly symbol: string;
  readonly interval: I;
  /** Open time, ms UTC; the candle's identity within its series. */
  readonly timestamp: EpochMs;
  /** Last millisecond of the candle, inclusive: the next open time − 1. */
  readonly closeTime: EpochMs;
  /** Quote currency. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base asset; contracts on COIN-M. */
  readonly volume: number;
  /** Quote asset; base asset on COIN-M. Null where the venue does not tell. */
  readonly quoteVolume: number | null;
  /** Number of trades. Null where the venue does not tell. */
  readonly trades: number | null;
  /** Volume bought by takers, as `volume`. Null where the venue does not tell. */
  readonly takerBuyVolume: number | null;
  /** Volume bought by takers, as `quoteVolume`. Null where the venue does not tell. */
  readonly takerBuyQuoteVolume: number | null;
  readonly source: CandleSource;
}

/** An update of the candle that is still running, or its close. */
export type RunningCandle = Candle & { readonly closed: boolean };

/** The same candle, said to have reached us in another way. */
export function withSource(candle: Candle, source: CandleSource): Candle {
  return candle.source === source ? candle : Object.freeze({ ...candle, source });
}

/** A candle as `candles$` gives it: its keys in their order, then `closed`. */
export function runningCandle(candle: Candle, closed: boolean): RunningCandle {
  return Object.freeze({ ...candle, closed });
}

const MARKET_FIELDS = [
  'timestamp', 'closeTime', 'open', 'high', 'low', 'close',
  'volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume',
] as const; // prettier-ignore

/** Whether two candles say the same about the market; `source` is not compared. */
export function isSameCandle(a: Candle, b: Candle): boolean {
  return MARKET_FIELDS.every((field) => a[field] === b[field]);
}
