import { makeCandle, type Candle, type CandleSource, type EpochMs } from './candle.ts';
import { partLengthOf, spanAt, type Grid, type ResampleInterval, type Span } from './custom-interval.ts';
import { addDecimal, toNumber, ZERO, type DecimalSum } from './decimal.ts';
import { ResampleError } from './errors.ts';
import { LATEST_TIME, likelyUnitOf } from './time-bounds.ts';

/** Any candle that `resample` takes or makes. */
export type AnyCandle = Candle<ResampleInterval>;

/**
 * Why a bucket is not whole: candles are missing between two that came (`hole`), the stream began inside it
 * (`started inside`), or it completed inside it (`ended inside`).
 */
export type IncompleteReason = 'hole' | 'started inside' | 'ended inside';

/** A bucket that is not emitted; with `parts: 0` a run of one or more neighbouring buckets of which nothing came. */
export interface IncompleteBucket extends Span {
  readonly venue: Candle['venue'];
  readonly symbol: string;
  /** The interval that was to be made. */
  readonly interval: ResampleInterval;
  readonly reason: IncompleteReason;
  /** How many candles came. */
  readonly parts: number;
  /** How many candles fill the span from `timestamp` to `closeTime`. */
  readonly expected: number;
}

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
interface Bucket extends Span {
  readonly parts: number;
  /** Why it cannot become whole any more; null while it can. */
  readonly flaw: IncompleteReason | null;
  readonly prices: Prices;
  readonly sums: Sums;
  readonly source: CandleSource;
}

/** All that is kept from one candle to the next. */
export interface ResampleState {
  readonly target: Grid;
  /** Length of the source's candles, ms. */
  readonly partMs: number;
  /** The last candle that was taken. */
  readonly last: AnyCandle;
  /** Null when the last bucket is over. */
  readonly bucket: Bucket | null;
  /** Last millisecond of the latest bucket that was begun. */
  readonly begunUntil: EpochMs;
  /** Open time of the last whole bucket. */
  readonly delivered: EpochMs | undefined;
}

/** What one candle brings about; `incomplete` lies before `whole` in time. */
export interface ResampleStep {
  /** Null as long as there was no candle to take. */
  readonly state: ResampleState | null;
  readonly incomplete: readonly IncompleteBucket[];
  readonly whole: AnyCandle | null;
}

const NONE: readonly IncompleteBucket[] = [];

const NOTHING: Sums = {
  volume: ZERO,
  quoteVolume: ZERO,
  trades: ZERO,
  takerBuyVolume: ZERO,
  takerBuyQuoteVolume: ZERO,
};

/** A part fetched over REST determines the source of the whole bucket; so does warm-up. */
const SOURCE_RANK: Readonly<Record<CandleSource, number>> = { stream: 0, history: 1, backfill: 2 };

/**
 * Takes the next candle. One that is still running, or not newer than the last, changes nothing.
 *
 * @param state - null before the first candle
 * @throws ResampleError for a candle of another series, and when the source does not divide the target
 */
export function stepResample(target: Grid, state: ResampleState | null, candle: AnyCandle): ResampleStep {
  if (state !== null) requireSameSeries(state, candle);
  if (!isNews(state, candle)) return { state, incomplete: NONE, whole: null };
  if (state === null) return finish(first(target, candle), NONE);
  return state.bucket !== null && candle.timestamp <= state.bucket.closeTime
    ? finish({ ...state, last: candle, bucket: join(state.bucket, state.last, candle) }, NONE)
    : next(state, candle);
}

/** What is left over when the source completes: the bucket that was being filled, if any. */
export function endResample(state: ResampleState | null): readonly IncompleteBucket[] {
  if (state === null || state.bucket === null) return NONE;
  return [reportOf(state, state.bucket, state.bucket.flaw ?? 'ended inside')];
}

function requireSameSeries({ last, delivered }: ResampleState, candle: AnyCandle): void {
  if (last.symbol === candle.symbol && last.interval === candle.interval && last.venue === candle.venue) return;
  const names = [last, candle].map(({ venue, symbol, interval }) => `${venue} ${symbol} ${interval}`);
  const error = new ResampleError(
    `resample takes one series at a time, and got ${names.join(' and ')}; group by series before it`,
  );
  error.lastTimestamp = delivered;
  throw error;
}

function isNews(state: ResampleState | null, candle: AnyCandle): boolean {
  if ('closed' in candle && candle.closed === false) return false;
  if (!Number.isSafeInteger(candle.timestamp)) return false;
  if (state === null) return true;
  return candle.timestamp > (state.bucket === null ? state.begunUntil : state.last.timestamp);
}

function first(target: Grid, candle: AnyCandle): ResampleState {
  requireMs(candle.timestamp);
  const partMs = partLengthOf(candle, target);
  const bucket = begin(spanAt(target, candle.timestamp), candle, 'started inside');
  return { target, partMs, last: candle, bucket, begunUntil: bucket.closeTime, delivered: undefined };
}

/** Files of the exchange's archive have times in µs since 2025. */
function requireMs(timestamp: EpochMs): void {
  if (timestamp <= LATEST_TIME) return;
  throw new ResampleError(`a candle opens at ${timestamp} ms, which is after 2100${likelyUnitOf(timestamp)}`);
}

function join(bucket: Bucket, last: AnyCandle, candle: AnyCandle): Bucket {
  return extend(bucket, candle, candle.timestamp === last.closeTime + 1 ? bucket.flaw : 'hole');
}

/** Begins the candle's bucket, and reports those that it leaves behind. */
function next(state: ResampleState, candle: AnyCandle): ResampleStep {
  const bucket = begin(spanAt(state.target, candle.timestamp), candle, 'hole');
  const incomplete = state.bucket === null ? [] : [reportOf(state, state.bucket, 'hole')];
  if (bucket.timestamp > state.begunUntil + 1) {
    const absent = { timestamp: state.begunUntil + 1, closeTime: bucket.timestamp - 1, parts: 0 };
    incomplete.push(reportOf(state, absent, 'hole'));
  }
  return finish({ ...state, last: candle, bucket, begunUntil: bucket.closeTime }, incomplete);
}

/** Ends the bucket with the candle that reaches its close. */
function finish(state: ResampleState, incomplete: readonly IncompleteBucket[]): ResampleStep {
  const { bucket, last } = state;
  if (bucket === null || last.closeTime < bucket.closeTime) return { state, incomplete, whole: null };
  const over = { ...state, bucket: null };
  if (bucket.flaw !== null || last.closeTime > bucket.closeTime) {
    return { state: over, incomplete: [...incomplete, reportOf(state, bucket, bucket.flaw ?? 'hole')], whole: null };
  }
  return { state: { ...over, delivered: bucket.timestamp }, incomplete, whole: toCandle(state, bucket) };
}

/** @param flawInside - what is wrong when the candle is not the bucket's first */
function begin({ timestamp, closeTime }: Span, candle: AnyCandle, flawInside: IncompleteReason): Bucket {
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

function extend(bucket: Bucket, candle: AnyCandle, flaw: IncompleteReason | null): Bucket {
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

function toCandle({ last, target }: ResampleState, { timestamp, closeTime, prices, sums, source }: Bucket): AnyCandle {
  return makeCandle({
    venue: last.venue,
    symbol: last.symbol,
    interval: target.interval,
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

function reportOf(
  { last, target, partMs }: ResampleState,
  { timestamp, closeTime, parts }: Span & { readonly parts: number },
  reason: IncompleteReason,
): IncompleteBucket {
  const { venue, symbol } = last;
  const expected = (closeTime + 1 - timestamp) / partMs;
  return { venue, symbol, interval: target.interval, timestamp, closeTime, reason, parts, expected };
}
