import type { Candle, EpochMs } from './candle.ts';
import type { Answer, Evidence, RejectedRow } from './evidence.ts';
import type { MissingReason } from './events.ts';
import { slotAt, slotFrom, type Grid } from './grid.ts';
import type { Hole } from './holes.ts';
import type { Interval } from './interval.ts';
import type { EvidenceRules } from './missing-rules.ts';

/** So many missed closes in a row are silence, not bad luck. */
export const SILENT_AFTER = 3;

/** One moment on two clocks, ms. */
export interface At {
  /** The exchange's clock, our best estimate. */
  readonly exchange: EpochMs;
  /** The exchange's clock is surely no earlier than this. */
  readonly atLeast: EpochMs;
  /** Our monotonic clock. Waits are measured by it, so that a jump of the exchange's clock cannot stretch them. */
  readonly local: number;
}

export interface SeriesRules {
  readonly interval: Interval;
  readonly graceMs: number;
  readonly settleMs: number;
  readonly evidence: EvidenceRules;
  /** Every close is read over REST, so that none is published as rescued. */
  readonly fetched?: boolean;
  /** The past, read over REST alone: nothing is expected from the stream, and waiting is normal. */
  readonly warmUp: boolean;
  /** Any open time of the series; needed for `3d`, whose grid differs by symbol. Default where the series starts. */
  readonly gridPoint?: EpochMs | undefined;
}

/** Everything a series remembers. `next` is the whole promise: all before it has been delivered or reported missing. */
export interface SeriesState {
  readonly rules: SeriesRules;
  readonly grid: Grid;
  /** Open time of the last candle delivered, or the end of a skipped hole: what opens up to here is a duplicate. */
  readonly after: EpochMs;
  /** Earliest open time at which the next candle is expected; on the grid, but for candles that are off it or cut short. */
  readonly next: EpochMs;
  /**
   * A candle that opens after `after` and up to `next`, or exactly here, directly follows the last one delivered. One that
   * opens anywhere else may have another one before it.
   */
  readonly latest: EpochMs;
  /** First slot of the grid that has neither had a candle nor been reported missing. */
  readonly slot: EpochMs;
  /** Where reads begin: `next`, or before it where a series starts within a slot of the grid. */
  readonly readFrom: EpochMs;
  /** Open time at which the series ends, exclusive; Infinity while it goes on. */
  readonly until: EpochMs;
  /** Candles from `next` on that cannot be delivered yet, in rising open time. */
  readonly known: readonly Evidence[];
  readonly holes: readonly Hole[];
  /** Open time of the first row after `next` that any answer has shown, past the end too. */
  readonly nextSeenRow: EpochMs | undefined;
  /** Whether a candle before `next` is known to exist. Without one, the series may not have begun yet. */
  readonly hasStarted: boolean;
  /** Until `hasStarted`: open time of a later candle, perhaps still running, that was seen without `next`. */
  readonly sighted: EpochMs | undefined;
  /** Whether a REST read is under way. */
  readonly reading: boolean;
  /** Reads in a row that brought nothing. */
  readonly emptyReads: number;
  /** Why the last read failed; undefined when it did not. */
  readonly lastError: string | undefined;
  /** Local time before which no further read is sent. */
  readonly notBefore: number;
  /** Exchange time since which the stream carries the series; Infinity while it does not. */
  readonly liveSince: EpochMs;
  readonly gap: Gap | undefined;
  /** Closes with volume in a row that the stream never sent while it should have. */
  readonly missedCloses: number;
  /** Open time of the first of them. */
  readonly missedSince: EpochMs | undefined;
}

export type SeriesEvent =
  | { readonly kind: 'closed'; readonly candle: Candle }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly reason: string }
  /** @property isTruncated - the exchange may have had candles before it that it does not give any more */
  | { readonly kind: 'first open'; readonly openTime: EpochMs; readonly isTruncated?: boolean }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'moved on' }
  | { readonly kind: 'until'; readonly until: EpochMs }
  | { readonly kind: 'wake' };

export type SeriesOutput =
  | { readonly kind: 'deliver'; readonly candle: Candle }
  | { readonly kind: 'missing'; readonly from: EpochMs; readonly to: EpochMs; readonly reason: MissingReason }
  /** Open times before the first candle that the exchange gives, which does not say that it never had any there. */
  | { readonly kind: 'truncated'; readonly from: EpochMs; readonly to: EpochMs }
  /** No candle can be made of this row; it is skipped. */
  | { readonly kind: 'rejected'; readonly row: RejectedRow }
  /** A close that has been delivered already, or is known. */
  | { readonly kind: 'duplicate'; readonly timestamp: EpochMs }
  /**
   * Read the open times [from, before); `doubtful` when the last read did not show what should be there.
   * `pages` is 1, or more where a hole may be longer than a page.
   */
  | {
      readonly kind: 'read';
      readonly from: EpochMs;
      readonly before: EpochMs;
      readonly doubtful: boolean;
      readonly pages: number;
    }
  /** The read under way is no longer needed. */
  | { readonly kind: 'cancel' }
  /** Find out the first open time of the series, or any before `next`, with which it has begun; `known` is perhaps the first. */
  | { readonly kind: 'find first open'; readonly next: EpochMs; readonly known: EpochMs | undefined }
  | {
      readonly kind: 'gap opened';
      readonly from: EpochMs;
      readonly to: EpochMs;
      readonly reason: string;
      readonly waitedMs: number;
    }
  | { readonly kind: 'gap filled'; readonly from: EpochMs; readonly to: EpochMs; readonly durationMs: number }
  /** Nobody waits for the gap any more. */
  | { readonly kind: 'gap left' }
  | { readonly kind: 'rescued'; readonly timestamp: EpochMs; readonly lateMs: number }
  | { readonly kind: 'silent'; readonly since: EpochMs }
  | { readonly kind: 'done' };

export interface Step {
  readonly state: SeriesState;
  readonly outputs: readonly SeriesOutput[];
  /** When to come back with `wake` if nothing else happens: exchange time, Infinity for never. */
  readonly wakeAt: EpochMs;
}

/** Candles a series waits for, as told to the bus. */
export interface Gap {
  readonly from: EpochMs;
  /** Last open time of the hole. */
  readonly to: EpochMs;
  /** Local times. */
  readonly since: number;
  readonly announcedAt: number;
}

/** Shared by all series: most never have a waiting candle or a hole. */
const NONE: readonly never[] = [];

/**
 * The same state as an object like those of `startSeries` and of a delivered close. To V8 one that was spread is another
 * kind of object: what it compiles for the first closes of thousands of series it would have to compile again for the second.
 */
export function inOneShape(state: SeriesState): SeriesState {
  const { rules, grid, after, next, latest, slot, readFrom, until, known, holes, nextSeenRow, hasStarted, sighted } =
    state;
  const { reading, emptyReads, lastError, notBefore, liveSince, gap, missedCloses, missedSince } = state;
  return {
    rules, grid, after, next, latest, slot, readFrom, until, known, holes, nextSeenRow, hasStarted, sighted, reading,
    emptyReads, lastError, notBefore, liveSince, gap, missedCloses, missedSince,
  }; // prettier-ignore
}

/**
 * A series that has delivered nothing yet.
 *
 * @param from - open times before it are none of the series; where it lies within a slot, reads begin with the slot: the
 *   candle before `from` shows where the first one of the series is to be expected
 */
export function startSeries(rules: SeriesRules, from: EpochMs, until: EpochMs = Infinity): SeriesState {
  const grid = hasGridPoint(rules) ? rules : { interval: rules.interval, gridPoint: from };
  return {
    rules, grid, after: from - 1, next: from, latest: from, slot: slotFrom(from, grid), readFrom: slotAt(from, grid), until,
    known: NONE, holes: NONE, nextSeenRow: undefined, hasStarted: false, sighted: undefined, reading: false, emptyReads: 0, lastError: undefined, notBefore: -Infinity,
    liveSince: Infinity, gap: undefined, missedCloses: 0, missedSince: undefined,
  }; // prettier-ignore
}

const hasGridPoint = (rules: SeriesRules): rules is SeriesRules & Grid => rules.gridPoint !== undefined;
