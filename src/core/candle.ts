import type { EpochMs } from './epoch.ts';
import type { Interval } from './interval.ts';

export type { EpochMs };

/** A market that this library speaks with itself. */
export type NativeVenueId =
  | 'binance-usdm'
  | 'binance-coinm'
  | 'binance-spot'
  | 'okx'
  | 'bybit-spot'
  | 'bybit-linear'
  | 'bybit-inverse'
  | 'gate-spot';

/** One exchange market with its own hosts and rules; `ccxt:kraken` is an exchange of ccxt by its id there. */
export type VenueId = NativeVenueId | `ccxt:${string}`;

/** All native ones, the default first. `venues/registry.ts` has a connector for each; nothing else lists them. */
export const VENUE_IDS = [
  'binance-usdm', 'binance-coinm', 'binance-spot', 'okx', 'bybit-spot', 'bybit-linear', 'bybit-inverse', 'gate-spot',
] as const satisfies readonly NativeVenueId[]; // prettier-ignore

/**
 * How a candle reached us: pushed live, fetched because the stream lost or delayed it or because it closed while the
 * program was down (after `since`), or fetched as warm-up (requested by `history`).
 */
export type CandleSource = 'stream' | 'backfill' | 'history';

/**
 * One closed OHLCV candle, frozen. Two candles of one venue, symbol, interval and timestamp differ in nothing but `source`.
 *
 * @typeParam I - the exchange's intervals; others, such as `7m`, come out of `resample` only
 */
export interface Candle<I extends string = Interval> {
  readonly venue: VenueId;
  /** The exchange's own spelling, upper case: `BTCUSDT`, `BTCUSD_PERP`, `BTC-USDT-SWAP`. */
  readonly symbol: string;
  readonly interval: I;
  /** Open time, ms UTC; the candle's identity within its series. */
  readonly timestamp: EpochMs;
  /** Last millisecond of the candle, inclusive, as reported by the exchange; on the grid the next open time − 1. */
  readonly closeTime: EpochMs;
  /** Quote currency. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base asset; contracts on COIN-M, US dollars on Bybit inverse. */
  readonly volume: number;
  /** Quote asset; base asset on COIN-M and Bybit inverse. Null if the venue does not report it. */
  readonly quoteVolume: number | null;
  /** Number of trades. Null if the venue does not report it. */
  readonly trades: number | null;
  /** Volume bought by takers, as `volume`. Null if the venue does not report it. */
  readonly takerBuyVolume: number | null;
  /** Volume bought by takers, as `quoteVolume`. Null if the venue does not report it. */
  readonly takerBuyQuoteVolume: number | null;
  readonly source: CandleSource;
}

/** An update of the candle that is still running, or its close. */
export type RunningCandle = Candle & { readonly closed: boolean };

/** The names of a candle's fields in their fixed order, for columns and the like. */
export const FIELDS = [
  'venue', 'symbol', 'interval', 'timestamp', 'closeTime', 'open', 'high', 'low', 'close',
  'volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume', 'source',
] as const satisfies readonly (keyof Candle)[]; // prettier-ignore

type Unreported = { readonly [K in keyof Candle as null extends Candle[K] ? K : never]: null };

/** The fields that a venue may not report. */
export const UNREPORTED: Unreported = {
  quoteVolume: null,
  trades: null,
  takerBuyVolume: null,
  takerBuyQuoteVolume: null,
};

/** Creates a candle: keys in the order of `FIELDS`, frozen, because all subscribers of a series share it. */
export function makeCandle<I extends string>(of: Candle<I>): Candle<I> {
  return Object.freeze({
    venue: of.venue,
    symbol: of.symbol,
    interval: of.interval,
    timestamp: of.timestamp,
    closeTime: of.closeTime,
    open: of.open,
    high: of.high,
    low: of.low,
    close: of.close,
    volume: of.volume,
    quoteVolume: of.quoteVolume,
    trades: of.trades,
    takerBuyVolume: of.takerBuyVolume,
    takerBuyQuoteVolume: of.takerBuyQuoteVolume,
    source: of.source,
  });
}

/** The same candle with another source. */
export function withSource(candle: Candle, source: CandleSource): Candle {
  return candle.source === source ? candle : makeCandle({ ...candle, source });
}

/** An update as `candles$` emits it: the fields of a candle in their order, followed by `closed`. */
export function runningCandle(candle: Candle, closed: boolean): RunningCandle {
  return Object.freeze({ ...makeCandle(candle), closed });
}

/**
 * Why these values are not a valid candle, from whatever source; undefined if they are. Unreadable values are
 * NaN here. An open or close outside high and low is delivered as the exchange sent it.
 */
export function unusableBecause(candle: Candle): string | undefined {
  const { open, high, low, close, timestamp, closeTime } = candle;
  if (!Number.isFinite(open + high + low + close)) return 'a price is not a number';
  if (high < low) return 'high is below low';
  return amountTrouble(candle) ?? (closeTime > timestamp ? undefined : 'it does not close after it opens');
}

/** Null means not reported, which is valid. */
function amountTrouble(candle: Candle): string | undefined {
  const { volume, quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume } = candle;
  for (const amount of [volume, quoteVolume, takerBuyVolume, takerBuyQuoteVolume]) {
    if (amount !== null && !Number.isFinite(amount)) return 'a volume is not a number';
    if (amount !== null && amount < 0) return 'a volume is negative';
  }
  return trades !== null && trades < 0 ? 'the number of trades is negative' : undefined;
}

/** Whether two candles are equal in every field but `source`. */
export function sameCandle(a: Candle<string>, b: Candle<string>): boolean {
  return FIELDS.every((field) => field === 'source' || a[field] === b[field]);
}
