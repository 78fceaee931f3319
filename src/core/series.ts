import type { Candle, EpochMs } from './candle.ts';
import {
  laterOf,
  provenHoleAt,
  settledRows,
  withAnswer,
  withClosed,
  withVotes,
  withoutKnown,
  type Answer,
  type Hole,
} from './evidence.ts';
import { followsAt, slotAfter, slotAt, slotBefore, successionOf } from './grid.ts';
import { reasonOfAbsence } from './missing-rules.ts';
import { pace, plan } from './series-plan.ts';
import type { At, SeriesEvent, SeriesOutput, SeriesState, Step } from './series-state.ts';

/** Most candles that wait behind a hole. Later ones are forgotten and read again when their turn comes. */
export const MAX_WAITING = 2000;
/** So many unsent closes in a row are silence, not bad luck. */
const SILENT_AFTER = 3;

/**
 * What a series does when something happens. Pure: the same state, event and moment give the same step.
 * `docs/architecture.md` has the table.
 */
export function step(state: SeriesState, event: SeriesEvent, at: At): Step {
  const outputs: SeriesOutput[] = [];
  if (event.kind === 'closed' && isInTurn(state, event.candle))
    return plan(pass(state, event.candle, outputs), event, { at, outputs });
  const heard = hear(state, event, { at, outputs });
  const delivered = deliverAll(heard, { at, outputs });
  return plan(pace(state, delivered, { event, at }), event, { at, outputs });
}

/**
 * The common case by far: the close that comes next, with nothing before or behind it in doubt. Without it, hearing and
 * delivering come to the same, more slowly.
 */
function isInTurn({ next, until, known, holes }: SeriesState, { timestamp }: Candle): boolean {
  return timestamp === next && timestamp < until && known.length === 0 && holes.length === 0;
}

/** The state as it waits for what follows a candle. */
function behind(state: SeriesState, candle: Candle): SeriesState {
  const { next, latest } = laterOf(state, successionOf(candle, state.grid));
  const slot = Math.max(state.slot, slotAfter(candle.timestamp, state.grid));
  return { ...state, after: candle.timestamp, next, latest, slot, readFrom: next, begun: true };
}

/** The state as it waits for a candle from an open time on, with nothing before it in doubt. */
function waitingFrom(state: SeriesState, next: EpochMs): SeriesState {
  const slot = Math.max(state.slot, slotAt(next, state.grid));
  return { ...state, after: next - 1, next, latest: next, slot, readFrom: next };
}

/** What went before says nothing of how long to wait for the next candle. */
const AFRESH = { trouble: undefined, fruitless: 0, notBefore: -Infinity };

/** What hearing and delivering come to in that case, without a place to wait in between. */
function pass(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  outputs.push({ kind: 'deliver', candle });
  return { ...behind(state, candle), ...AFRESH, unsent: 0 };
}

interface Context {
  readonly at: At;
  readonly outputs: SeriesOutput[];
}

function hear(state: SeriesState, event: SeriesEvent, { at, outputs }: Context): SeriesState {
  switch (event.kind) {
    case 'closed':
      return hearClosed(state, event.candle, outputs);
    case 'answer':
      return hearAnswer(state, event.answer);
    case 'failed':
      return { ...state, reading: false, trouble: event.reason, sighted: Infinity };
    case 'first open':
      return hearFirstOpen(state, event.openTime);
    case 'until':
      return { ...state, until: event.until, known: state.known.filter((e) => e.candle.timestamp < event.until) };
    default:
      return hearStream(state, event.kind, at);
  }
}

function hearStream(state: SeriesState, kind: 'live' | 'lost' | 'wake', at: At): SeriesState {
  if (kind === 'live') return { ...state, liveSince: at.exchange, notBefore: -Infinity, fruitless: 0 };
  return kind === 'lost' ? { ...state, liveSince: Infinity } : state;
}

/** `x: true` is authority, whatever any clock says. */
function hearClosed(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  if (candle.timestamp >= state.until) return state;
  const heard = { ...state, unsent: 0 };
  const known = candle.timestamp <= state.after ? state.known : withClosed(state.known, candle);
  if (known === state.known) {
    outputs.push({ kind: 'duplicate' });
    return heard;
  }
  const holes = withoutKnown(state.holes, known, state.grid);
  return { ...withSighting(heard, candle.timestamp), holes, known: known.slice(0, MAX_WAITING) };
}

/** What may be the first candle ever after reads that showed nothing at all: that is looked into at once. */
function withSighting(state: SeriesState, openTime: EpochMs): SeriesState {
  const isNews = !state.begun && state.fruitless > 0 && state.sighted === Infinity;
  return isNews ? { ...state, sighted: openTime } : state;
}

function hearAnswer(before: SeriesState, answer: Answer): SeriesState {
  const state = ledOn(before, answer);
  const { after, next, latest, until, grid, rules } = state;
  const wanted = { after, next, latest, until, grid, ...rules };
  const known = withAnswer(state.known, answer, wanted);
  const holes = withVotes(state.holes, known, { answer, wanted });
  const begun = state.begun || [...answer.rows, ...answer.rejected].some(({ timestamp }) => timestamp < next);
  const beyond = firstBeyond(state, answer);
  const sighted = begun ? Infinity : firstSighted(state, answer);
  const heard = {
    reading: false,
    trouble: undefined,
    known: known.slice(0, MAX_WAITING),
    holes,
    begun,
    beyond,
    sighted,
  };
  return { ...state, ...heard };
}

/** Before `next` there is no row: with one the series would have begun. */
function firstSighted({ next, sighted }: SeriesState, { rows }: Answer): EpochMs {
  const first = rows[0]?.timestamp ?? sighted;
  return first > next ? first : Infinity;
}

/** Where a series starts within a slot, the candle that opened the slot shows from where on another is to be expected. */
function ledOn(state: SeriesState, answer: Answer): SeriesState {
  if (state.readFrom === state.next) return state;
  const earlier = settledRows(answer, state.rules.settleMs).filter(({ timestamp }) => timestamp <= state.after);
  const { next, latest } = earlier.map((row) => successionOf(row, state.grid)).reduce(laterOf, state);
  return latest === state.latest ? state : { ...state, next, latest, readFrom: next };
}

/** Rows of which no candle can be made fill a page as well as others. */
function firstBeyond({ next, beyond, rules }: SeriesState, answer: Answer): EpochMs {
  const firstOf = (rows: readonly { readonly timestamp: EpochMs }[]) => rows.find(({ timestamp }) => timestamp > next);
  const seen = [firstOf(settledRows(answer, rules.settleMs)), firstOf(answer.rejected)];
  return Math.min(...seen.map((row) => row?.timestamp ?? Infinity), beyond > next ? beyond : Infinity);
}

/**
 * What lies before the first candle ever is not missing. The search is one witness among others: a candle that is known
 * has more weight than a later first open time, and that nothing was found (Infinity) proves nothing.
 */
function hearFirstOpen(state: SeriesState, openTime: EpochMs): SeriesState {
  if (openTime === Infinity) return { ...state, reading: false, sighted: Infinity };
  const first = Math.min(openTime, state.known[0]?.candle.timestamp ?? Infinity);
  const next = Math.min(first, state.until);
  const holes = state.holes.filter((hole) => openTime < hole.from || hole.before <= openTime);
  return { ...(next > state.next ? waitingFrom(state, next) : state), reading: false, begun: true, holes };
}

/** Delivers what is final and in turn, steps over what is proven missing, and stops at the first candle still in doubt. */
function deliverAll(state: SeriesState, context: Context): SeriesState {
  let now = state;
  for (let later = onward(now, context); later !== now; later = onward(now, context)) now = later;
  return now;
}

/** One candle, known or delivered, or one proven hole further; the same state where the next candle is still in doubt. */
function onward(state: SeriesState, context: Context): SeriesState {
  const head = state.known[0];
  if (head !== undefined && head.candle.timestamp <= state.after) return { ...state, known: state.known.slice(1) };
  if (head !== undefined && head.final && followsAt(head.candle.timestamp, state))
    return deliver(state, head.candle, context);
  const hole = state.begun ? provenHoleAt(state.holes, state.next) : undefined;
  return hole === undefined ? state : stepOver(state, hole, context.outputs);
}

function deliver(state: SeriesState, candle: Candle, { at, outputs }: Context): SeriesState {
  outputs.push({ kind: 'deliver', candle });
  const after: SeriesState = { ...behind(state, candle), trouble: undefined };
  if (candle.source === 'stream') return { ...after, ...AFRESH };
  if (state.rules.warmUp) return after;
  if (state.gap === undefined)
    outputs.push({ kind: 'rescued', timestamp: candle.timestamp, lateMs: at.exchange - candle.closeTime });
  return countUnsent(after, candle, outputs);
}

function countUnsent(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  // Nothing traded is nothing that need be pushed; volume tells, since not every venue counts trades.
  if (state.liveSince > candle.timestamp || candle.volume === 0) return state;
  const unsent = state.unsent + 1;
  const unsentSince = unsent === 1 ? candle.timestamp : state.unsentSince;
  if (unsent % SILENT_AFTER === 0) outputs.push({ kind: 'silent', since: unsentSince });
  return { ...state, unsent, unsentSince };
}

/** Holes of one kind that touch are one; a slot is missing when no candle has opened anywhere in it. */
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
