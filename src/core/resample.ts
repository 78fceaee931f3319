import { begin, extend, toCandle, type AnyCandle, type Bucket, type IncompleteReason } from './bucket.ts';
import type { Candle, EpochMs } from './candle.ts';
import type { ResampleInterval } from './custom-interval.ts';
import { ResampleError } from './errors.ts';
import { partLengthOf } from './part-length.ts';
import { spanAt, type Grid, type Span } from './resample-grid.ts';
import { LATEST_TIME, likelyUnitOf } from './time-bounds.ts';

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
  requireWholeParts(state, bucket);
  const incomplete = state.bucket === null ? [] : [reportOf(state, state.bucket, 'hole')];
  if (bucket.timestamp > state.begunUntil + 1) {
    const absent = { timestamp: state.begunUntil + 1, closeTime: bucket.timestamp - 1, parts: 0 };
    incomplete.push(reportOf(state, absent, 'hole'));
  }
  return finish({ ...state, last: candle, bucket, begunUntil: bucket.closeTime }, incomplete);
}

/** A time zone may move its clock by less than a source candle, in a year that `partLengthOf` has not looked at. */
function requireWholeParts(
  { target, partMs, last, begunUntil, delivered }: ResampleState,
  { timestamp, closeTime }: Span,
): void {
  if ((closeTime - begunUntil) % partMs === 0) return;
  const open = new Date(timestamp).toISOString();
  const error = new ResampleError(
    `the ${target.interval} of ${open} begins or ends between two ${last.interval} candles, as the clock of its time zone changes; use shorter ones`,
  );
  error.lastTimestamp = delivered;
  throw error;
}

/** Ends the bucket with the candle that reaches its close. */
function finish(state: ResampleState, incomplete: readonly IncompleteBucket[]): ResampleStep {
  const { bucket, last } = state;
  if (bucket === null || last.closeTime < bucket.closeTime) return { state, incomplete, whole: null };
  const over = { ...state, bucket: null };
  if (bucket.flaw !== null || last.closeTime > bucket.closeTime) {
    return { state: over, incomplete: [...incomplete, reportOf(state, bucket, bucket.flaw ?? 'hole')], whole: null };
  }
  return {
    state: { ...over, delivered: bucket.timestamp },
    incomplete,
    whole: toCandle(bucket, last, state.target.interval),
  };
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
