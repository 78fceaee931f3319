import type { EpochMs } from './candle.ts';
import { slotAfter } from './grid.ts';
import type { Hole } from './holes.ts';
import { nextOpenTime, SHORTEST_LENGTH_MS } from './interval.ts';
import { TELL_EVERY_MS } from './events.ts';
import { closeGap, tellGap } from './series-gap.ts';
import { CHEAP_ROWS } from './page.ts';
import type { At, SeriesEvent, SeriesOutput, SeriesState, Step } from './series-state.ts';

/** A read is sent this much after the moment it needs, so that a timer that fires early costs no second read, ms. */
export const MARGIN_MS = 10;

/** So many slots ahead a read of a hole costs no more than one of the hole alone, with room for rows that are cut short. */
const AHEAD = 0.8 * CHEAP_ROWS;

interface Context {
  readonly at: At;
  readonly outputs: SeriesOutput[];
}

/** After deliveries: ends the series, reports a gap, requests a read, and says when to wake up again. */
export function plan(state: SeriesState, event: SeriesEvent, context: Context): Step {
  const { outputs } = context;
  const now = closeGap(state, context);
  // A candle within the last one may be known and not final yet.
  if (now.latest >= now.until && now.known.length === 0) {
    outputs.push({ kind: 'done' });
    return { state: now, outputs, wakeAt: Infinity };
  }
  const told = tellGap(now, event, context);
  const dueAt = dueTime(told, context.at);
  const asked = ask(told, dueAt, context);
  return { state: asked, outputs, wakeAt: wakeTime(asked, dueAt, context.at) };
}

/** Exchange time from which to send a read: after the settle time where candles wait or no close is expected, else after grace. */
function dueTime(state: SeriesState, at: At): EpochMs {
  const uncertainty = at.exchange - at.atLeast + MARGIN_MS;
  const closesAt = closeOfNext(state);
  const isSettling = state.known.length > 0 || !isCarried(state, closesAt);
  return closesAt + (isSettling ? state.rules.settleMs : state.rules.graceMs) + uncertainty;
}

/** Last moment of the slot that the next candle is expected in. */
export const closeOfNext = ({ next, grid }: SeriesState): EpochMs => slotAfter(next, grid) - 1;

/** Whether the stream can be expected to send a close, because it carried the series at that moment. */
function isCarried({ rules, liveSince }: SeriesState, closesAt: EpochMs): boolean {
  return !rules.warmUp && liveSince <= closesAt;
}

function ask(state: SeriesState, dueAt: EpochMs, { at, outputs }: Context): SeriesState {
  const isDue = dueAt <= at.exchange;
  if (state.reading && !isDue) {
    outputs.push({ kind: 'cancel' });
    return { ...state, reading: false };
  }
  const known = sightedBy(state);
  // A sighting is looked up at once. Whatever the search finds, the next one needs a new sighting.
  if (state.reading || !isDue || (state.notBefore > at.local && known === undefined)) return state;
  if (mayNotHaveStarted(state)) outputs.push({ kind: 'find first open', next: state.next, known });
  else outputs.push({ kind: 'read', ...readSpan(state, at), doubtful: state.emptyReads > 0, pages: pagesOver(state) });
  return { ...state, reading: true };
}

/**
 * Whether what lies before the first candle ever would explain what reads show: later candles but not the next, or nothing
 * at all where a page ends before the series begins. The latter is looked into after every second read that brought nothing.
 */
export function mayNotHaveStarted(state: SeriesState): boolean {
  if (state.hasStarted) return false;
  const { rules, emptyReads } = state;
  const isEmptyPage = rules.warmUp && emptyReads > 0 && emptyReads % 2 === 0;
  return isEmptyPage || sightedBy(state) !== undefined;
}

function sightedBy({ hasStarted, sighted, next, known }: SeriesState): EpochMs | undefined {
  if (hasStarted || sighted === undefined || sighted <= next) return undefined;
  return known[0]?.candle.timestamp === next ? undefined : sighted;
}

function readSpan(state: SeriesState, at: At): { from: EpochMs; before: EpochMs } {
  return { from: state.readFrom, before: readEnd(state, at) };
}

/**
 * A read goes to the first candle that shows where the hole ends, or else to the running one: both prove what lies before.
 * Where the past ends at a hole, the candle that shows it lies further on than the end. Where there is a hole there may
 * be more of them: reads that confirm it look at those ahead too, as far as it costs nothing.
 */
function readEnd(state: SeriesState, at: At): EpochMs {
  const { interval } = state.rules;
  const running = slotAfter(at.exchange, state.grid);
  const shown = Math.min(neighbourOf(state), isInDoubt(state) ? rowAfterNext(state) : Infinity);
  const proof = shown < Infinity || isInDoubt(state) ? shown : state.until;
  if (!Number.isFinite(proof)) return running;
  const ahead =
    state.emptyReads === 0 && holeAtNext(state) !== undefined
      ? state.next + AHEAD * SHORTEST_LENGTH_MS[interval]
      : state.next;
  const end = Math.max(nextOpenTime(proof, interval), ahead);
  return Math.max(nextOpenTime(state.next, interval), Math.min(running, end));
}

/**
 * A hole may be longer than a page, on a market that answers the newest rows of a page's span: then nothing would be read
 * for ever. So reads that bring nothing reach further and further, and one up to a row that is known reaches to it.
 */
function pagesOver(state: SeriesState): number {
  if (!isInDoubt(state)) return 1;
  const end = Math.min(neighbourOf(state), rowAfterNext(state));
  return Number.isFinite(end) ? Infinity : 2 ** Math.max(0, state.emptyReads - 1);
}

export function holeAtNext({ holes, next }: SeriesState): Hole | undefined {
  return holes.find(({ from, before }) => from <= next && next < before);
}

const isInDoubt = (state: SeriesState): boolean => state.emptyReads > 0 || holeAtNext(state) !== undefined;

/** Open time of the first final candle that waits; Infinity for none. */
function neighbourOf({ known, next }: SeriesState): EpochMs {
  return known.find(({ candle, final }) => final && candle.timestamp > next)?.candle.timestamp ?? Infinity;
}

export const rowAfterNext = ({ nextSeenRow, next }: SeriesState): EpochMs =>
  nextSeenRow !== undefined && nextSeenRow > next ? nextSeenRow : Infinity;

function wakeTime(state: SeriesState, dueAt: EpochMs, at: At): EpochMs {
  const fromLocal = (local: number) => at.exchange + Math.max(0, local - at.local);
  const read = state.reading ? Infinity : Math.max(dueAt, fromLocal(state.notBefore));
  return state.gap === undefined ? read : Math.min(read, fromLocal(state.gap.announcedAt + TELL_EVERY_MS));
}
