import type { Candle, EpochMs, VenueId } from '../../index.ts';
import type { Wanted } from '../due.ts';
import type { Hole } from './holes.ts';

/** What the user has asked for. */
export interface HistoryRequest {
  readonly venue: VenueId;
  readonly wanted: readonly Wanted[];
  /** Open times, ms UTC: the first inclusive, the second exclusive. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The candles of one series that a file holds. */
export interface HeldSeries {
  readonly first: Candle;
  readonly last: Candle;
  readonly candles: number;
  /** Between the first and the last. */
  readonly holes: readonly Hole[];
}

/** A file that candles are written to: one series after another, each in rising open time. */
export interface CandleFile {
  /** What it held when it was opened, in its order. */
  readonly held: readonly HeldSeries[];
  /** Whether a file that was stopped early can be gone on with. */
  readonly canResume: boolean;
  /** @throws ForeignFileError where it holds something else in this place, before anything is written */
  append(candles: readonly Candle[]): Promise<void>;
  /** Makes what was appended durable, and closes the file. */
  finish(): Promise<void>;
  /** Closes the file, if it is not closed yet. One that can be resumed keeps what it has; another is not written. */
  stop(): Promise<void>;
}

/** The file holds what this command would not have written; it is left as it is. */
export class ForeignFileError extends Error {
  constructor(path: string, why: string) {
    super(`${path} is left as it is: ${why}; choose another --out, or remove the file`);
  }
}
