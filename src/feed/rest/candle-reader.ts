import type { Observable } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Answer } from '../../core/evidence.ts';

/** Where the newest rows are looked for. */
export interface Newest {
  /** Open time to stop before. */
  readonly before: EpochMs;
  /** Most rows wanted; a page holds fewer. */
  readonly limit: number;
  /** Where one request reaches only so far, the next one looks further back until so many rows were there; default 1. */
  readonly atLeast?: number;
  /** No row before it is of interest; default 2017, before which no market of this library had a candle. The venue's own limit holds anyway. */
  readonly bottom?: EpochMs;
}

/** One series over REST. */
export interface CandleReader {
  /** One page of the open times [from, before), from its beginning; `pages` as in `planPage`. */
  read$(from: EpochMs, before: EpochMs, pages?: number): Observable<Answer>;
  /** The newest rows before an open time. */
  newest$(before: EpochMs, limit: number): Observable<readonly Candle[]>;
  /** A page of the newest rows, with the open times of which it speaks: from its first row on, if it is full. */
  newestAnswer$(newest: Newest): Observable<Answer>;
  /**
   * Open time of the first candle the exchange has; Infinity when it has none.
   *
   * @param known - open time of a candle that it has and that is likely the first
   * @param enough - a candle that opens before it is good enough, though it may not be the first
   */
  firstOpen$(known?: EpochMs, enough?: EpochMs): Observable<EpochMs>;
  /** Whether the exchange may have had candles before the first that it gives. */
  isTruncatedAt(firstOpen: EpochMs): boolean;
}
