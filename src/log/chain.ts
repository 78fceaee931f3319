import type { EpochMs } from '../core/candle.ts';
import type { LogEntry } from '../ports/candle-log.ts';

/** How far a reader has come in a series. */
export interface Mark {
  /** Everything up to this open time has been delivered or was not asked for, ms UTC. */
  readonly after: EpochMs;
  /** Whether the first candle that the log ever stored may follow: nobody has seen one before it. */
  readonly mayBegin: boolean;
}

/**
 * How an entry follows the mark: `next` if nothing is missing between them, `repeat` if it was delivered before, `hole` if
 * something is missing. Without a mark anything is next: everything that is still there was asked for.
 *
 * A predecessor before the mark leaves nothing out either: the mark was given as a time, or the log lost its end and did not
 * get all of it again.
 */
export function linkTo({ candle, previous }: LogEntry, mark: Mark | undefined): 'next' | 'repeat' | 'hole' {
  if (mark === undefined) return 'next';
  if (candle.timestamp <= mark.after) return 'repeat';
  if (previous === null) return mark.mayBegin ? 'next' : 'hole';
  return previous <= mark.after ? 'next' : 'hole';
}

/** The time of a subscription by this machine's clock, and how long it took to hear of the tail, ms. */
export interface Waited {
  readonly subscribedAt: EpochMs;
  readonly waitedMs: number;
}

/**
 * Where a reader begins that asked for nothing of the past, in a series that ends with this entry: behind it, or where it
 * was when the reader subscribed, if it has closed since. The clock may be wrong: no farther back than was waited.
 */
export function markAtTail({ candle }: LogEntry, { subscribedAt, waitedMs }: Waited): Mark {
  const { timestamp, closeTime } = candle;
  if (closeTime < subscribedAt) return { after: timestamp, mayBegin: false };
  const length = closeTime + 1 - timestamp;
  return { after: Math.max(subscribedAt - length, timestamp - waitedMs - length), mayBegin: true };
}
