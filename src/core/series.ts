import type { Candle, EpochMs } from './candle.ts';
import {
  openTimeBefore,
  provenHoleAt,
  withAnswer,
  withVotes,
  withoutKnown,
  type Answer,
  type Evidence,
  type Hole,
} from './evidence.ts';
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
  const heard = hear(state, event, { at, outputs });
  const delivered = deliverAll(heard, { at, outputs });
  return plan(pace(state, delivered, { event, at }), event, { at, outputs });
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
      return { ...state, reading: false };
    case 'first open':
      return hearFirstOpen(state, event.openTime);
    case 'live':
      return { ...state, liveSince: at.exchange, notBefore: -Infinity, fruitless: 0 };
    case 'lost':
      return { ...state, liveSince: Infinity };
    case 'until':
      return { ...state, until: event.until, known: state.known.filter((e) => e.candle.timestamp < event.until) };
    case 'wake':
      return state;
  }
}

/** `x: true` is authority, whatever any clock says. */
function hearClosed(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  if (candle.timestamp >= state.until) return state;
  const at = state.known.findIndex((evidence) => evidence.candle.timestamp >= candle.timestamp);
  const same = at >= 0 && state.known[at]?.candle.timestamp === candle.timestamp ? state.known[at] : undefined;
  const heard = state.unsent === 0 ? state : { ...state, unsent: 0 };
  if (candle.timestamp < state.next || same?.final === true) {
    outputs.push({ kind: 'duplicate' });
    return heard;
  }
  const evidence: Evidence = { candle, final: true, seenAt: 0 };
  const place = at < 0 ? state.known.length : at;
  const known = state.known.toSpliced(place, same === undefined ? 0 : 1, evidence);
  const holes = state.holes.length === 0 ? state.holes : withoutKnown(state.holes, known);
  return { ...heard, holes, known: known.length > MAX_WAITING ? known.slice(0, MAX_WAITING) : known };
}

function hearAnswer(state: SeriesState, answer: Answer): SeriesState {
  const wanted = { next: state.next, until: state.until, settleMs: state.rules.settleMs };
  const known = withAnswer(state.known, answer, wanted);
  const holes = withVotes(state.holes, known, { answer, wanted });
  const begun = state.begun || answer.rows.some((row) => row.timestamp < state.next);
  return { ...state, reading: false, known: known.slice(0, MAX_WAITING), holes, begun };
}

/**
 * What lies before the first candle ever is not missing. The search is one witness among others: a candle that is known
 * has more weight than a later first open time, and that nothing was found (Infinity) proves nothing.
 */
function hearFirstOpen(state: SeriesState, openTime: EpochMs): SeriesState {
  if (openTime === Infinity) return { ...state, reading: false };
  const first = Math.min(openTime, state.known[0]?.candle.timestamp ?? Infinity);
  const next = Math.max(state.next, Math.min(first, state.until));
  const holes = state.holes.filter((hole) => openTime < hole.from || hole.before <= openTime);
  return { ...state, reading: false, begun: true, next, holes };
}

/** Delivers what is final and in turn, steps over what is proven missing, and stops at the first candle still in doubt. */
function deliverAll(state: SeriesState, context: Context): SeriesState {
  let now = state;
  for (;;) {
    const head = now.known[0];
    if (head !== undefined && head.candle.timestamp < now.next) now = { ...now, known: now.known.slice(1) };
    else if (head?.final === true && head.candle.timestamp === now.next) now = deliver(now, head.candle, context);
    else {
      const hole = provenHoleAt(now.holes, now.next);
      if (hole === undefined || !now.begun) return now;
      now = stepOver(now, hole, context.outputs);
    }
  }
}

function deliver(state: SeriesState, candle: Candle, { at, outputs }: Context): SeriesState {
  outputs.push({ kind: 'deliver', candle });
  const after: SeriesState = { ...state, next: candle.closeTime + 1, known: state.known.slice(1), begun: true };
  if (candle.source === 'stream' || state.rules.warmUp) return after;
  if (state.gap === undefined)
    outputs.push({ kind: 'rescued', timestamp: candle.timestamp, lateMs: at.exchange - candle.closeTime });
  return countUnsent(after, candle, outputs);
}

function countUnsent(state: SeriesState, candle: Candle, outputs: SeriesOutput[]): SeriesState {
  if (state.liveSince > candle.timestamp || candle.trades === 0) return state;
  const unsent = state.unsent + 1;
  const unsentSince = unsent === 1 ? candle.timestamp : state.unsentSince;
  if (unsent % SILENT_AFTER === 0) outputs.push({ kind: 'silent', since: unsentSince });
  return { ...state, unsent, unsentSince };
}

function stepOver(state: SeriesState, hole: Hole, outputs: SeriesOutput[]): SeriesState {
  outputs.push({
    kind: 'missing',
    from: state.next,
    to: openTimeBefore(hole.before, state.rules.interval, state.next),
  });
  return { ...state, next: hole.before, holes: state.holes.filter((other) => other !== hole) };
}
