import { sameCandle, type Candle, type EpochMs } from './candle.ts';
import type { Grid, Succession } from './grid.ts';
import { nextOpenTime } from './interval.ts';
import type { EvidenceRules } from './missing-rules.ts';

/** A second, equal read confirms a row when it was sent this long after the first was received, ms. */
export const CONFIRM_AFTER_MS = 1000;

/** A candle a series knows of and has not delivered yet. */
export interface Evidence {
  readonly candle: Candle;
  /** Its values cannot change any more. */
  readonly final: boolean;
  /** Local time at which the first of an unbroken run of equal reads was received. */
  readonly seenAt: number;
}

/** A row that cannot be made into a candle. */
export interface RejectedRow {
  /** Its open time. */
  readonly timestamp: EpochMs;
  /** As the exchange sent it. */
  readonly row: readonly unknown[];
  readonly reason: string;
}

/** One good answer of the exchange about the open times [from, before). */
export interface Answer {
  readonly rows: readonly Candle[];
  readonly rejected: readonly RejectedRow[];
  /** Open times of the rows that the venue itself calls final; left out where it says that of none. */
  readonly final?: ReadonlySet<EpochMs> | undefined;
  readonly from: EpochMs;
  readonly before: EpochMs;
  /** It begins later than was asked for, as the exchange gives nothing older. */
  readonly isCut?: boolean;
  /** Exchange time when the request was sent: surely no later than this. */
  readonly sentAt: EpochMs;
  /** Local times. */
  readonly sentAtLocal: number;
  readonly receivedAtLocal: number;
}

/** The open times a series still waits for: after `after`, before `until`. The others are those of `SeriesState`. */
export interface Wanted extends Succession {
  readonly after: EpochMs;
  readonly until: EpochMs;
  readonly grid: Grid;
  readonly settleMs: number;
  readonly evidence: EvidenceRules;
}

/**
 * Closed, and past settle unless the venue itself calls it final.
 * A close time may lie behind the open time of the next candle, by a whole length at most: what says more is not believed.
 */
function isSettled({ timestamp, closeTime, interval }: Candle, answer: Answer, settleMs: number): boolean {
  if (isCalledFinal(timestamp, answer)) return true;
  const latest = nextOpenTime(nextOpenTime(timestamp, interval), interval);
  return Math.min(closeTime, latest) + settleMs < answer.sentAt;
}

function isCalledFinal(openTime: EpochMs, { final }: Answer): boolean {
  return final?.has(openTime) === true;
}

/** Rows of an answer whose close time plus settle time had passed when it was asked for, or that the venue calls final. */
export function settledRows(answer: Answer, settleMs: number): readonly Candle[] {
  const firstUnsettled = answer.rows.findIndex((row) => !isSettled(row, answer, settleMs));
  return firstUnsettled < 0 ? answer.rows : answer.rows.slice(0, firstUnsettled);
}

/** Adds a close from the stream, in its place. The same array when it was there already. */
export function withClosed(known: readonly Evidence[], candle: Candle): readonly Evidence[] {
  const evidence: Evidence = { candle, final: true, seenAt: 0 };
  const next = known.findIndex((other) => other.candle.timestamp >= candle.timestamp);
  const other = known[next];
  if (other === undefined) return [...known, evidence];
  const isSame = other.candle.timestamp === candle.timestamp;
  return isSame && other.final ? known : known.toSpliced(next, isSame ? 1 : 0, evidence);
}

/**
 * Joins an answer to what is known. A settled row is final when the venue calls it so, when a later
 * closed candle is itself past settle, or when an earlier read at least a second ago said the same. A read that says something else starts afresh.
 */
export function withAnswer(known: readonly Evidence[], answer: Answer, wanted: Wanted): readonly Evidence[] {
  const settled = settledRows(answer, wanted.settleMs);
  const newest = newestSettled(known, settled, { answer, settleMs: wanted.settleMs });
  const byOpenTime = new Map(known.map((evidence) => [evidence.candle.timestamp, evidence]));
  for (const row of settled) {
    if (row.timestamp <= wanted.after || row.timestamp >= wanted.until) continue;
    const before = byOpenTime.get(row.timestamp);
    if (before?.final !== true) byOpenTime.set(row.timestamp, withRow(before, row, { answer, newest }));
  }
  return [...byOpenTime.values()].sort((a, b) => a.candle.timestamp - b.candle.timestamp);
}

/** Open time of the newest candle that is closed and past settle: everything before it is final. */
function newestSettled(
  known: readonly Evidence[],
  settled: readonly Candle[],
  { answer, settleMs }: { answer: Answer; settleMs: number },
): EpochMs {
  // Without a settled row there is nothing to judge: any value will do.
  const row = settled.at(-1)?.timestamp ?? -Infinity;
  const held = known.findLast(({ candle, final }) => final && isSettled(candle, answer, settleMs));
  return held === undefined ? row : Math.max(row, held.candle.timestamp);
}

function withRow(
  before: Evidence | undefined,
  row: Candle,
  { answer, newest }: { answer: Answer; newest: EpochMs },
): Evidence {
  const agrees = before !== undefined && sameCandle(before.candle, row);
  const seenAt = agrees ? before.seenAt : answer.receivedAtLocal;
  const confirmed = agrees && answer.sentAtLocal - seenAt >= CONFIRM_AFTER_MS;
  const final = isCalledFinal(row.timestamp, answer) || row.timestamp < newest || confirmed;
  return { candle: row, final, seenAt };
}
