import { makeCandle, type Candle, type CandleSource } from './candle.ts';
import type { ResampleInterval } from './custom-interval.ts';
import { addDecimal, toNumber, ZERO, type DecimalSum } from './decimal.ts';
import type { Span } from './resample-grid.ts';

/** Any candle that `resample` takes or makes. */
export type AnyCandle = Candle<ResampleInterval>;

/**
 * Why a bucket is not whole: candles are missing between two that came (`hole`), the stream began inside it
 * (`started inside`), or it completed inside it (`ended inside`).
 */
export type IncompleteReason = 'hole' | 'started inside' | 'ended inside';

/** Figures that add up; null where a part does not tell. */
interface Sums {
  readonly volume: DecimalSum;
  readonly quoteVolume: DecimalSum | null;
  readonly trades: DecimalSum | null;
  readonly takerBuyVolume: DecimalSum | null;
  readonly takerBuyQuoteVolume: DecimalSum | null;
}

interface Prices {
  /** Whether any part had a trade. */
  readonly traded: boolean;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The candle in the making: running figures, never the parts themselves. */
export interface Bucket extends Span {
  readonly parts: number;
  /** Why it cannot become whole any more; null while it can. */
  readonly flaw: IncompleteReason | null;
  readonly prices: Prices;
  readonly sums: Sums;
  readonly source: CandleSource;
}

const NOTHING: Sums = {
  volume: ZERO,
  quoteVolume: ZERO,
  trades: ZERO,
  takerBuyVolume: ZERO,
  takerBuyQuoteVolume: ZERO,
};

/** A part fetched over REST determines the source of the whole bucket; so does warm-up. */
const SOURCE_RANK: Readonly<Record<CandleSource, number>> = { stream: 0, history: 1, backfill: 2 };

/** @param flawInside - what is wrong when the candle is not the bucket's first */
export function begin({ timestamp, closeTime }: Span, candle: AnyCandle, flawInside: IncompleteReason): Bucket {
  const flaw = candle.timestamp === timestamp ? null : flawInside;
  return {
    timestamp,
    closeTime,
    parts: 1,
    flaw,
    prices: pricesOf(candle),
    sums: add(NOTHING, candle),
    source: candle.source,
  };
}

export function extend(bucket: Bucket, candle: AnyCandle, flaw: IncompleteReason | null): Bucket {
  return {
    timestamp: bucket.timestamp,
    closeTime: bucket.closeTime,
    parts: bucket.parts + 1,
    flaw,
    prices: joinPrices(bucket.prices, pricesOf(candle)),
    sums: add(bucket.sums, candle),
    source: SOURCE_RANK[candle.source] > SOURCE_RANK[bucket.source] ? candle.source : bucket.source,
  };
}

function pricesOf({ volume, open, high, low, close }: AnyCandle): Prices {
  return { traded: volume !== 0, open, high, low, close };
}

/**
 * A candle without a trade is flat at the close before it, and takes no part in open, high and low of a longer one that
 * has trades: so the exchange's own candles say, in 162,722 buckets of spot recordings made from 2021 to 2023.
 */
function joinPrices(a: Prices, b: Prices): Prices {
  const { close } = b;
  if (a.traded && !b.traded) return { ...a, close };
  if (!a.traded && b.traded) return b;
  return { traded: a.traded, open: a.open, high: Math.max(a.high, b.high), low: Math.min(a.low, b.low), close };
}

function add(sums: Sums, candle: AnyCandle): Sums {
  return {
    volume: addDecimal(sums.volume, candle.volume),
    quoteVolume: plus(sums.quoteVolume, candle.quoteVolume),
    trades: plus(sums.trades, candle.trades),
    takerBuyVolume: plus(sums.takerBuyVolume, candle.takerBuyVolume),
    takerBuyQuoteVolume: plus(sums.takerBuyQuoteVolume, candle.takerBuyQuoteVolume),
  };
}

function plus(sum: DecimalSum | null, value: number | null): DecimalSum | null {
  return sum === null || value === null ? null : addDecimal(sum, value);
}

/** The candle that a whole bucket makes. */
export function toCandle(bucket: Bucket, { venue, symbol }: AnyCandle, interval: ResampleInterval): AnyCandle {
  const { timestamp, closeTime, prices, sums, source } = bucket;
  return makeCandle({
    venue,
    symbol,
    interval,
    timestamp,
    closeTime,
    open: prices.open,
    high: prices.high,
    low: prices.low,
    close: prices.close,
    volume: toNumber(sums.volume),
    quoteVolume: toFigure(sums.quoteVolume),
    trades: toFigure(sums.trades),
    takerBuyVolume: toFigure(sums.takerBuyVolume),
    takerBuyQuoteVolume: toFigure(sums.takerBuyQuoteVolume),
    source,
  });
}

function toFigure(sum: DecimalSum | null): number | null {
  return sum === null ? null : toNumber(sum);
}
