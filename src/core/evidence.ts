import { isSameCandle, type Candle, type EpochMs } from './candle.ts';
import { openTimeAt, type Interval } from './interval.ts';

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

/** One good answer of the exchange about the open times [from, before). */
export interface Answer {
  readonly rows: readonly Candle[];
  readonly from: EpochMs;
  readonly before: EpochMs;
  /** Exchange time when the request was sent: surely no later than this. */
  readonly sentAt: EpochMs;
  /** Local times. */
  readonly sentAtLocal: number;
  readonly receivedAtLocal: number;
}

/** Open times without a candle in every good answer so far. */
export interface Hole {
  readonly from: EpochMs;
  readonly before: EpochMs;
  readonly answers: number;
  /** Local time at which the first of those answers was received. */
  readonly firstAt: number;
  readonly proven: boolean;
}

/** The open times a series still waits for. */
export interface Wanted {
  readonly next: EpochMs;
  readonly until: EpochMs;
  readonly settleMs: number;
}

const isSettled = (candle: Candle, answer: Answer, settleMs: number) => candle.closeTime + settleMs < answer.sentAt;

/** Rows of an answer whose close time plus settle time had passed when it was asked for. */
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
 * Joins an answer to what is known. A settled row is final when a later closed candle is itself past settle,
 * or when an earlier read at least a second ago said the same. A read that says something else starts afresh.
 */
export function withAnswer(known: readonly Evidence[], answer: Answer, wanted: Wanted): readonly Evidence[] {
  const settled = settledRows(answer, wanted.settleMs);
  const newest = newestSettled(known, settled, { answer, settleMs: wanted.settleMs });
  const byOpenTime = new Map(known.map((evidence) => [evidence.candle.timestamp, evidence]));
  for (const row of settled) {
    if (row.timestamp < wanted.next || row.timestamp >= wanted.until) continue;
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
  const row = settled.at(-1)?.timestamp ?? -Infinity;
  const held = known.findLast(({ candle, final }) => final && isSettled(candle, answer, settleMs));
  return held === undefined ? row : Math.max(row, held.candle.timestamp);
}

function withRow(
  before: Evidence | undefined,
  row: Candle,
  { answer, newest }: { answer: Answer; newest: EpochMs },
): Evidence {
  const agrees = before !== undefined && isSameCandle(before.candle, row);
  const seenAt = agrees ? before.seenAt : answer.receivedAtLocal;
  const confirmed = agrees && answer.sentAtLocal - seenAt >= CONFIRM_AFTER_MS;
  return { candle: row, final: row.timestamp < newest || confirmed, seenAt };
}

/**
 * Counts an answer as a witness for every hole it covers. It speaks only of open times before its own last settled row:
 * what the exchange does not show at the end may just not be there yet.
 */
export function withVotes(
  holes: readonly Hole[],
  known: readonly Evidence[],
  { answer, wanted }: { answer: Answer; wanted: Wanted },
): readonly Hole[] {
  const lastRow = settledRows(answer, wanted.settleMs).at(-1);
  if (lastRow === undefined) return holes;
  const before = Math.min(lastRow.timestamp, wanted.until, answer.before);
  const voted = absentRuns(known, Math.max(wanted.next, answer.from), before).map((run) => vote(holes, run, answer));
  const notSpokenOf = holes.map((hole) => ({ ...hole, from: Math.max(hole.from, before) }));
  return [...voted, ...withoutKnown(notSpokenOf, known)];
}

/** What is left of holes when candles in them have become known: the parts keep their witnesses. */
export function withoutKnown(holes: readonly Hole[], known: readonly Evidence[]): readonly Hole[] {
  return holes.flatMap((hole) => absentRuns(known, hole.from, hole.before).map((run) => ({ ...hole, ...run })));
}

/** Runs of open times in [from, before) of which nothing is known. */
function absentRuns(known: readonly Evidence[], from: EpochMs, before: EpochMs): { from: EpochMs; before: EpochMs }[] {
  const runs = [];
  let expected = from;
  for (const { candle } of known) {
    if (candle.timestamp >= before) break;
    if (candle.timestamp > expected) runs.push({ from: expected, before: candle.timestamp });
    expected = Math.max(expected, candle.closeTime + 1);
  }
  if (expected < before) runs.push({ from: expected, before });
  return runs;
}

function vote(holes: readonly Hole[], run: { from: EpochMs; before: EpochMs }, answer: Answer): Hole {
  const earlier = holes.find((hole) => hole.from <= run.from && run.before <= hole.before);
  const answers = (earlier?.answers ?? 0) + 1;
  const firstAt = earlier?.firstAt ?? answer.receivedAtLocal;
  const needs = witnessesFor(run.before, answer.sentAt);
  const proven = answers >= needs.answers && answer.sentAtLocal - firstAt >= needs.overMs;
  return { ...run, answers, firstAt, proven };
}

const HOUR_MS = 3_600_000;

/** How many good answers, over how long, prove that candles before `before` are missing; `everyMs` is how often to ask. */
export function witnessesFor(before: EpochMs, now: EpochMs): { answers: number; overMs: number; everyMs: number } {
  return now - before > HOUR_MS
    ? { answers: 3, overMs: 1000, everyMs: 510 }
    : { answers: 5, overMs: 5000, everyMs: 1260 };
}

/** The hole that the open time `next` falls in, once enough answers have shown it. */
export function provenHoleAt(holes: readonly Hole[], next: EpochMs): Hole | undefined {
  return holes.find((hole) => hole.proven && hole.from <= next && next < hole.before);
}

/** Last open time on the grid before `time`; `gridPoint` is any open time of the series. */
export function openTimeBefore(time: EpochMs, interval: Interval, gridPoint: EpochMs): EpochMs {
  return openTimeAt(time - 1, interval, gridPoint);
}
