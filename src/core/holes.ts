import type { EpochMs } from './candle.ts';
import { settledRows, type Answer, type Evidence, type RejectedRow, type Wanted } from './evidence.ts';
import { followsAt, laterOf, slotAfter, successionOf, type Grid, type Succession } from './grid.ts';
import { nextOpenTime } from './interval.ts';
import { confirmationsFor, type EvidenceRules } from './missing-rules.ts';

/** Open times without a candle in every good answer so far. */
export interface Hole extends Run {
  readonly answers: number;
  /** Local time at which the first of those answers was received. */
  readonly firstAt: number;
  readonly proven: boolean;
}

/** A stretch of open times without a candle. */
interface Run {
  readonly from: EpochMs;
  readonly before: EpochMs;
  /** The row that opens it, where there is one of which no candle can be made; the same in every answer. */
  readonly rejected?: RejectedRow | undefined;
}

/**
 * Counts an answer as a confirmation of every hole it covers. It speaks only of open times before its own last settled row:
 * what the exchange does not show at the end may just not be there yet.
 */
export function withConfirmations(
  holes: readonly Hole[],
  known: readonly Evidence[],
  { answer, wanted }: { answer: Answer; wanted: Wanted },
): readonly Hole[] {
  const before = Math.min(lastSpokenOf(answer, wanted), wanted.until, answer.before);
  if (before === -Infinity) return holes;
  const from = Math.max(wanted.next, answer.from);
  const absent = absentRuns(known, { next: from, latest: Math.max(from, wanted.latest), before }, wanted.grid);
  const confirmed = absent
    .flatMap((run) => splitAtRejected(run, answer.rejected, wanted))
    .map((run) => confirm(holes, run, { answer, evidence: wanted.evidence }));
  const notSpokenOf = holes.flatMap((hole) => [
    { ...hole, from: Math.max(hole.from, wanted.next), before: Math.min(hole.before, from) },
    { ...hole, from: Math.max(hole.from, before) },
  ]);
  return [...confirmed, ...withoutKnown(notSpokenOf, known, wanted.grid)];
}

/** The end of what an answer speaks of: its last settled row, or behind it where no candle can be made of that one. */
function lastSpokenOf(answer: Answer, { settleMs, grid }: Wanted): EpochMs {
  const settled = settledRows(answer, settleMs);
  const row = openTimeOf(settled.at(-1)) ?? -Infinity;
  const isOver = ({ timestamp }: RejectedRow) => nextOpenTime(timestamp, grid.interval) - 1 + settleMs < answer.sentAt;
  const rejected = openTimeOf(answer.rejected.findLast(isOver));
  // Never equal: each row of an answer has its own open time.
  if (rejected === undefined || rejected < row) return row;
  return Math.min(slotAfter(rejected, grid), openTimeOf(answer.rows[settled.length]) ?? Infinity);
}

const openTimeOf = (row: { readonly timestamp: EpochMs } | undefined): EpochMs | undefined => row?.timestamp;

/** The holes without the candles that have become known. The remaining parts keep their confirmations. */
export function withoutKnown(holes: readonly Hole[], known: readonly Evidence[], grid: Grid): readonly Hole[] {
  return holes.flatMap((hole) => {
    const { from, before } = hole;
    return absentRuns(known, { next: from, latest: from, before }, grid).map((run) => ({ ...hole, ...run }));
  });
}

/** Spans of open times in [next, before) where a candle could open and none is known. */
function absentRuns(
  known: readonly Evidence[],
  { next, latest, before }: Succession & { readonly before: EpochMs },
  grid: Grid,
): Run[] {
  const runs = [];
  let expected: Succession = { next, latest };
  for (const { candle } of known) {
    // One that opens at `before` would end the last run just there.
    if (candle.timestamp >= before) break;
    if (!followsAt(candle.timestamp, expected)) runs.push({ from: expected.next, before: candle.timestamp });
    expected = laterOf(expected, successionOf(candle, grid));
  }
  const opensThere = known.some(({ candle }) => candle.timestamp === before);
  if (opensThere ? !followsAt(before, expected) : expected.latest < before) runs.push({ from: expected.next, before });
  return runs;
}

/**
 * A row of which no candle can be made is a hole of its own, as long as the rest of its slot; an answer that ends within
 * the slot does not speak of it.
 */
function splitAtRejected(run: Run, rejected: readonly RejectedRow[], { grid, until }: Wanted): Run[] {
  const runs: Run[] = [];
  let { from } = run;
  // One at the end of the run would cut it just there.
  const within = rejected.filter(({ timestamp }) => run.from <= timestamp && timestamp < run.before);
  within.forEach((row, index) => {
    if (from < row.timestamp) runs.push({ from, before: row.timestamp });
    from = Math.min(slotAfter(row.timestamp, grid), within[index + 1]?.timestamp ?? Infinity, until);
    if (from <= run.before) runs.push({ from: row.timestamp, before: from, rejected: row });
  });
  return from < run.before ? [...runs, { from, before: run.before }] : runs;
}

function confirm(
  holes: readonly Hole[],
  run: Run,
  { answer, evidence }: { answer: Answer; evidence: EvidenceRules },
): Hole {
  const isEarlier = (hole: Hole) => hole.from <= run.from && run.before <= hole.before && isSameRow(hole, run);
  const earlier = holes.find(isEarlier);
  const answers = (earlier?.answers ?? 0) + 1;
  const firstAt = earlier?.firstAt ?? answer.receivedAtLocal;
  const needs = confirmationsFor(run.before, answer.sentAt, evidence);
  const proven = answers >= needs.answers && answer.sentAtLocal - firstAt >= needs.overMs;
  return { ...run, answers, firstAt, proven };
}

function isSameRow({ rejected: a }: Run, { rejected: b }: Run): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a.row) === JSON.stringify(b.row));
}

/** The hole that the open time `next` falls in, once enough answers have shown it. */
export function provenHoleAt(holes: readonly Hole[], next: EpochMs): Hole | undefined {
  return holes.find((hole) => hole.proven && hole.from <= next && next < hole.before);
}
