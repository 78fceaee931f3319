import type { Candle, EpochMs } from './candle.ts';
import { settledRows, withAnswer, withClosed, type Answer } from './evidence.ts';
import { followsAt, laterOf, slotAfter, slotAt, slotBefore, successionOf } from './grid.ts';
import { provenHoleAt, withConfirmations, withoutKnown, type Hole } from './holes.ts';
import { reasonOfAbsence } from './missing-rules.ts';
import { pace } from './series-pace.ts';
import { plan, rowAfterNext } from './series-plan.ts';
import {
  SILENT_AFTER,
  inOneShape,
  type At,
  type SeriesEvent,
  type SeriesOutput,
  type SeriesState,
  type Step,
} from './series-state.ts';
import { EARLIEST_TIME } from './time-bounds.ts';

/** Most candles that wait behind a hole. Later ones are forgotten and read again when their turn comes. */
export const MAX_WAITING = 2000;
/** Reads that brought nothing before answers that begin behind the next candle are believed. */
const CUT_OFF_AFTER = 2;

/**
 * What a series does when something happens. Pure: the same state, event and moment give the same step.
 * `docs/architecture.md` has the table.
 */
export function step(state: SeriesState, event: SeriesEvent, at: At): Step {
  if (event.kind === 'closed' && isInTurn(state, event.candle))
    return plan(fastPath(state, event.candle), event, { at, outputs: [{ kind: 'deliver', candle: event.candle }] });
  const outputs: SeriesOutput[] = [];
  const applied = apply(state, event, { at, outputs });
  const delivered = deliverAll(applied, { at, outputs });
  return plan(pace(state, delivered, { event, at }), event, { at, outputs });
}

/** Whether this is the close that comes next and nothing is pending: by far the most common case. */
function isInTurn({ next, until, known, holes }: SeriesState, { timestamp }: Candle): boolean {
  return timestamp === next && timestamp < until && known.length === 0 && holes.length === 0;
}

type Place = Pick<SeriesState, 'after' | 'next' | 'latest' | 'slot' | 'readFrom'>;

/** The members of the state that change with a delivered candle. */
function placeAfter(state: SeriesState, candle: Candle): Place {
  const slotEnd = slotAfter(candle.timestamp, state.grid);
  const { next, latest } = laterOf(state, successionOf(candle, state.grid, slotEnd));
  const slot = Math.max(state.slot, slotEnd);
  return { after: candle.timestamp, next, latest, slot, readFrom: next };
}

/** The state waiting for the first candle from `next` on. */
function waitingFrom(state: SeriesState, next: EpochMs): SeriesState {
  const slot = Math.max(state.slot, slotAt(next, state.grid));
  return { ...state, after: next - 1, next, latest: next, slot, readFrom: next };
}

/** A candle from the stream resets the pacing of reads. */
const RESET = { lastError: undefined, emptyReads: 0, notBefore: -Infinity };

/**
 * Fast path: the state that `apply` and `deliverAll` come to when nothing is pending. Member by member, since spreading a
 * state of this size takes four times as long as the rest of the step.
 */
function fastPath(state: SeriesState, candle: Candle): SeriesState {
  const { rules, grid, until, known, holes, nextSeenRow, sighted, reading, liveSince, gap } = state;
  const { after, next, latest, slot, readFrom } = placeAfter(state, candle);
  const { emptyReads, lastError, notBefore } = RESET;
  return {
    rules, grid, after, next, latest, slot, readFrom, until, known, holes, nextSeenRow, hasStarted: true, sighted, reading,
    emptyReads, lastError, notBefore, liveSince, gap, missedCloses: 0, missedSince: undefined,
  }; // prettier-ignore
}

interface Context {
  readonly at: At;
  readonly outputs: SeriesOutput[];
}

function apply(state: SeriesState, event: SeriesEvent, { at, outputs }: Context): SeriesState {
  switch (event.kind) {
    case 'closed':
      return applyClosed(state, event.candle, outputs);
    case 'answer':
      return applyAnswer(state, event.answer);
    case 'failed':
      return { ...state, reading: false, lastError: event.reason, sighted: undefined };
    case 'first open':
      return applyFirstOpen(state, event, outputs);
    case 'until':
      return { ...state, until: event.until, known: state.known.filter((e) => e.candle.timestamp < event.until) };
    default:
      return applyStream(state, event.kind, at);
  }
}

function applyStream(state: SeriesState, kind: 'live' | 'lost' | 'moved on' | 'wake', at: At): SeriesState {
  if (kind === 'live' || kind === 'moved on') {
    const liveSince = kind === 'live' ? at.exchange : state.liveSince;
    return inOneShape({ ...state, liveSince, notBefore: -Infinity, emptyReads: 0 });
  }
  return kind === 'lost' ? { ...state, liveSince: Infinity } : state;
}

/** A close from the stream is final, whatever any clock says. */
function applyClosed(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  if (candle.timestamp >= state.until) return state;
  const applied = { ...state, missedCloses: 0, missedSince: undefined };
  const known = candle.timestamp <= state.after ? state.known : withClosed(state.known, candle);
  if (known === state.known) {
    outputs.push({ kind: 'duplicate', timestamp: candle.timestamp });
    return applied;
  }
  const holes = withoutKnown(state.holes, known, state.grid);
  return { ...withSighting(applied, candle.timestamp), holes, known: known.slice(0, MAX_WAITING) };
}

/** After reads that showed nothing, a later candle may be the first of the series: its first open time is looked up at once. */
function withSighting(state: SeriesState, openTime: EpochMs): SeriesState {
  const isNews = !state.hasStarted && state.emptyReads > 0 && state.sighted === undefined;
  return isNews ? { ...state, sighted: openTime } : state;
}

function applyAnswer(before: SeriesState, answer: Answer): SeriesState {
  const state = withEarlierRows(before, answer);
  const { after, next, latest, until, grid, rules } = state;
  const wanted = { after, next, latest, until, grid, ...rules };
  const known = withAnswer(state.known, answer, wanted);
  const holes = withConfirmations(state.holes, known, { answer, wanted });
  const hasBegun = state.hasStarted || [...answer.rows, ...answer.rejected].some(({ timestamp }) => timestamp < next);
  const hasStarted = hasBegun && !isCutOff(state, answer);
  const nextSeenRow = firstSeenRow(state, answer);
  const sighted = hasStarted ? undefined : firstSighted(state, answer);
  const applied = {
    reading: false,
    lastError: undefined,
    known: known.slice(0, MAX_WAITING),
    holes,
    hasStarted,
    nextSeenRow,
    sighted,
  };
  return { ...state, ...applied };
}

/** The exchange has begun to give nothing as old as the next candle: what it still gives is to be found. */
function isCutOff({ next, emptyReads }: SeriesState, { isCut = false, from }: Answer): boolean {
  return isCut && from > next && emptyReads >= CUT_OFF_AFTER;
}

/** No row lies before `next`, or `hasStarted` would be true. */
function firstSighted({ next, sighted }: SeriesState, { rows }: Answer): EpochMs | undefined {
  const first = rows[0]?.timestamp ?? sighted;
  return first !== undefined && first > next ? first : undefined;
}

/** Where a series starts within a slot, an earlier candle of that slot shows where the next one is expected. */
function withEarlierRows(state: SeriesState, answer: Answer): SeriesState {
  if (state.readFrom === state.next) return state;
  const earlier = settledRows(answer, state.rules.settleMs).filter(({ timestamp }) => timestamp <= state.after);
  const { next, latest } = earlier.map((row) => successionOf(row, state.grid)).reduce(laterOf, state);
  return latest === state.latest ? state : { ...state, next, latest, readFrom: next };
}

/** Rejected rows count too. */
function firstSeenRow(state: SeriesState, answer: Answer): EpochMs | undefined {
  const { next, rules } = state;
  const firstOf = (rows: readonly { readonly timestamp: EpochMs }[]) => rows.find(({ timestamp }) => timestamp > next);
  const shown = [firstOf(settledRows(answer, rules.settleMs)), firstOf(answer.rejected)];
  const first = Math.min(...shown.map((row) => row?.timestamp ?? Infinity), rowAfterNext(state));
  return first === Infinity ? undefined : first;
}

/**
 * What lies before the first candle ever is not missing. The search is one piece of evidence among others: a candle that
 * is known has more weight than a later first open time, and that nothing was found (Infinity) proves nothing.
 */
function applyFirstOpen(
  state: SeriesState,
  { openTime, isTruncated = false }: Extract<SeriesEvent, { readonly kind: 'first open' }>,
  outputs: SeriesOutput[],
): SeriesState {
  if (openTime === Infinity) return { ...state, reading: false, sighted: undefined };
  const first = Math.min(openTime, state.known[0]?.candle.timestamp ?? Infinity);
  const next = Math.min(first, state.until);
  if (isTruncated) tellTruncated(state, next, outputs);
  const holes = state.holes.filter((hole) => openTime < hole.from || hole.before <= openTime);
  return { ...(next > state.next ? waitingFrom(state, next) : state), reading: false, hasStarted: true, holes };
}

/** Whoever asks for everything asks for what there is; and a live series that has not begun yet is not one that was cut. */
function tellTruncated({ slot, grid, rules }: SeriesState, next: EpochMs, outputs: SeriesOutput[]): void {
  const to = slotBefore(next, grid);
  if (rules.warmUp && slot >= EARLIEST_TIME && slot <= to) outputs.push({ kind: 'truncated', from: slot, to });
}

/** Delivers final candles in order, skips what is proven missing, and stops at the first candle that is not certain. */
function deliverAll(state: SeriesState, context: Context): SeriesState {
  let now = state;
  for (let later = advance(now, context); later !== now; later = advance(now, context)) now = later;
  return now;
}

/** Advances by one candle or one proven hole. Returns the same state where the next candle is not certain. */
function advance(state: SeriesState, context: Context): SeriesState {
  const head = state.known[0];
  if (head !== undefined && head.candle.timestamp <= state.after) return { ...state, known: state.known.slice(1) };
  if (head !== undefined && head.final && followsAt(head.candle.timestamp, state))
    return deliver(state, head.candle, context);
  const hole = state.hasStarted ? provenHoleAt(state.holes, state.next) : undefined;
  return hole === undefined ? state : stepOver(state, hole, context.outputs);
}

function deliver(state: SeriesState, candle: Candle, { at, outputs }: Context): SeriesState {
  outputs.push({ kind: 'deliver', candle });
  const after: SeriesState = { ...state, ...placeAfter(state, candle), hasStarted: true, lastError: undefined };
  if (candle.source === 'stream') return { ...after, ...RESET };
  if (state.rules.warmUp) return after;
  if (state.gap === undefined && state.rules.fetched !== true)
    outputs.push({ kind: 'rescued', timestamp: candle.timestamp, lateMs: at.exchange - candle.closeTime });
  return countMissedCloses(after, candle, outputs);
}

function countMissedCloses(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  // A venue need not push a candle without trades. Its volume tells, since not every venue counts trades.
  if (state.liveSince > candle.timestamp || candle.volume === 0) return state;
  const missedCloses = state.missedCloses + 1;
  const missedSince = state.missedSince ?? candle.timestamp;
  if (missedCloses % SILENT_AFTER === 0) outputs.push({ kind: 'silent', since: missedSince });
  return { ...state, missedCloses, missedSince };
}

/** Adjacent holes of one kind are reported as one. A slot is missing when no candle opened anywhere in it. */
function stepOver(state: SeriesState, hole: Hole, outputs: SeriesOutput[]): SeriesState {
  const run = provenRun(state.holes, hole);
  const before = Math.max(...run.map((one) => one.before));
  for (const { rejected } of run) if (rejected !== undefined) outputs.push({ kind: 'rejected', row: rejected });
  const to = slotBefore(before, state.grid);
  const reason = hole.rejected === undefined ? reasonOfAbsence(state.rules.evidence) : 'rejected';
  if (state.slot <= to) outputs.push({ kind: 'missing', from: state.slot, to, reason });
  return { ...waitingFrom(state, before), holes: state.holes.filter((other) => !run.includes(other)) };
}

function provenRun(holes: readonly Hole[], first: Hole): readonly Hole[] {
  const isRejected = first.rejected !== undefined;
  const run = [first];
  for (let last = first; ;) {
    const next = provenHoleAt(holes, last.before);
    if (next === undefined || (next.rejected !== undefined) !== isRejected) return run;
    run.push(next);
    last = next;
  }
}
