import { sameCandle, type Candle, type EpochMs } from './candle.ts';
import { followsAt, slotAfter, successionOf, type Grid, type Succession } from './grid.ts';
import { nextOpenTime, openTimeAt, type Interval } from './interval.ts';
import { confirmationsFor, type EvidenceRules } from './missing-rules.ts';

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

/** A row of which no candle can be made. */
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
  // Without a settled row there is none to judge, so that the default is as good as any.
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
  // Never equal: the rows of an answer have each an open time of their own.
  if (rejected === undefined || rejected < row) return row;
  return Math.min(slotAfter(rejected, grid), openTimeOf(answer.rows[settled.length]) ?? Infinity);
}

const openTimeOf = (row: { readonly timestamp: EpochMs } | undefined): EpochMs | undefined => row?.timestamp;

/** What is left of holes when candles in them have become known: the parts keep their confirmations. */
export function withoutKnown(holes: readonly Hole[], known: readonly Evidence[], grid: Grid): readonly Hole[] {
  return holes.flatMap((hole) => {
    const { from, before } = hole;
    return absentRuns(known, { next: from, latest: from, before }, grid).map((run) => ({ ...hole, ...run }));
  });
}

/** Runs of open times from `next` to before `before` in which a candle might open, and none is known. */
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

/** A candle that lies within another ends nothing that the other goes on with. */
export function laterOf(a: Succession, b: Succession): Succession {
  return { next: Math.max(a.next, b.next), latest: Math.max(a.latest, b.latest) };
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

/** Last open time on the grid before `time`; `gridPoint` is any open time of the series. */
export function openTimeBefore(time: EpochMs, interval: Interval, gridPoint: EpochMs): EpochMs {
  return openTimeAt(time - 1, interval, gridPoint);
}
