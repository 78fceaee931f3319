/// <reference lib="esnext.disposable" preserve="true" />
import type { Candle, EpochMs, VenueId } from '../core/candle.ts';
import type { Gap, GapReason, ReasonedGap } from '../core/gap.ts';
import type { Interval } from '../core/interval.ts';

export type { Gap, GapReason, ReasonedGap };

/** All candles of one symbol and interval of one venue. The symbol in any case, as everywhere. */
export interface CandleSeries {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
}

/** Open times, ms UTC or Dates: `from` inclusive, by default the first stored; `to` exclusive, by default behind the last. */
export interface StoredSpan {
  readonly from?: EpochMs | Date | undefined;
  readonly to?: EpochMs | Date | undefined;
}

/** Candles that the exchange lacks, in a series, and why, where that is known. */
export interface SeriesGap extends CandleSeries, ReasonedGap {}

/** A candle that differs from the one stored under its key. `stored` is what `read` gives; `candle` is kept beside it. */
export interface Revision {
  readonly stored: Candle;
  readonly candle: Candle;
}

/** What one call of `append` has made durable. */
export interface Appended {
  /** Candles that were not stored before. */
  readonly added: readonly Candle[];
  /** Candles with other values than the stored ones, which were kept, the differing ones beside them. */
  readonly revised: readonly Revision[];
  /** Gaps that were given. */
  readonly gaps: readonly SeriesGap[];
}

/** A series and what is stored of it. */
export interface SeriesInfo extends CandleSeries {
  readonly candles: number;
  /** Open times of the first and last candle, ms UTC. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Ranges that the exchange lacks. */
  readonly gaps: number;
  /** Candles that came again with other values. */
  readonly revisions: number;
}

/** The rows wanted of one page, in rising open time: the first of [from, before), or with `newest` the last. */
export interface PageRequest {
  readonly from: EpochMs;
  readonly before: EpochMs;
  readonly limit: number;
  readonly newest?: boolean;
}

/**
 * Candles that stay, by venue, symbol, interval and open time. Every method rejects with a StoreError that names the file;
 * none leaves a part of its work behind.
 */
export interface CandleStore {
  /** The file. */
  readonly path: string;
  /**
   * Makes candles durable, all or none, and the gaps that the exchange has between them. What is stored already with the
   * same values is left alone, whatever its `source`. A candle that differs from the stored one is kept as a revision.
   */
  append(candles: readonly Candle[], gaps?: readonly SeriesGap[]): Promise<Appended>;
  /** The newest candle; undefined where there is none. */
  last(series: CandleSeries): Promise<Candle | undefined>;
  /** What the exchange lacks, by first and last open time, both inclusive, in rising order. */
  gaps(series: CandleSeries): Promise<readonly Gap[]>;
  /** The same with the reasons: ranges of different ones are apart. Without one, nobody has said it. */
  missing(series: CandleSeries): Promise<readonly ReasonedGap[]>;
  /** Candles that came again with other values, in rising open time, then in the order they came. */
  revisions(series: CandleSeries): Promise<readonly Revision[]>;
  /** All series that have candles, by venue, symbol and length. */
  series(): Promise<readonly CandleSeries[]>;
  /** The same with what is stored of each; counts, so that it takes longer the more there is. */
  info(): Promise<readonly SeriesInfo[]>;
  /** The candles of a span in rising open time; a page at a time is held in memory. */
  read(series: CandleSeries, span?: StoredSpan): AsyncIterable<Candle>;
  /** One page. */
  page(series: CandleSeries, request: PageRequest): Promise<readonly Candle[]>;
  /** Closes the file; a second call does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
