import type { EpochMs } from './candle.ts';
import { TELL_EVERY_MS } from './events.ts';
import { slotAfter, slotAt } from './grid.ts';
import type { At, Gap, SeriesEvent, SeriesOutput, SeriesState } from './series-state.ts';

/** So many reads in a row without progress make a wait worth telling. */
const TELL_AFTER_EMPTY_READS = 2;

interface Context {
  readonly at: At;
  readonly outputs: SeriesOutput[];
}

/** Tells the end of the gap that the bus has heard of. */
export function closeGap(state: SeriesState, { at, outputs }: Context): SeriesState {
  const { gap, next, until } = state;
  if (gap === undefined || (next <= gap.to && next < until)) return state;
  outputs.push({ kind: 'gap filled', from: gap.from, to: gap.to, durationMs: at.local - gap.since });
  return { ...state, gap: undefined };
}

/** Opens the gap that the bus hears of, and repeats it while it lasts. */
export function tellGap(state: SeriesState, event: SeriesEvent, context: Context): SeriesState {
  const { gap } = state;
  const before = awaitedBefore(state, event, context.at);
  const to = before === undefined ? gap?.to : Math.max(state.next, slotAt(before - 1, state.grid));
  if (to === undefined) return state;
  if (gap === undefined) return openGap(state, event, { ...context, from: state.next, to, since: context.at.local });
  if (context.at.local - gap.announcedAt >= TELL_EVERY_MS) return openGap(state, event, { ...context, ...gap, to });
  return to <= gap.to ? state : { ...state, gap: { ...gap, to } };
}

function openGap(
  state: SeriesState,
  event: SeriesEvent,
  { at, outputs, from, to, since }: Context & Pick<Gap, 'from' | 'to' | 'since'>,
): SeriesState {
  outputs.push({ kind: 'gap opened', from, to, reason: reasonOf(state, event), waitedMs: at.local - since });
  return { ...state, gap: { from, to, since, announcedAt: at.local } };
}

function reasonOf(state: SeriesState, event: SeriesEvent): string {
  return event.kind === 'failed' ? event.reason : reasonToWait(state);
}

/** Why the next candle has not been delivered yet. */
export function reasonToWait(state: SeriesState): string {
  if (state.lastError !== undefined) return state.lastError;
  if (state.emptyReads > 0) return 'REST does not show it yet';
  return state.known.length > 0 ? 'a later candle came first' : 'closes did not come';
}

/** The end of the open times that the series waits for, if that is worth telling. */
function awaitedBefore(state: SeriesState, event: SeriesEvent, at: At): EpochMs | undefined {
  const { rules, next, grid } = state;
  const isKnown = state.gap !== undefined || event.kind === 'failed' || state.emptyReads >= TELL_AFTER_EMPTY_READS;
  if (rules.warmUp) return isKnown ? state.until : undefined;
  if (mayBeQuiet(state, event)) return undefined;
  const later = state.known.find(({ candle, final }) => final && candle.timestamp > next);
  if (later !== undefined) return later.candle.timestamp;
  return isOverdue(state, isKnown, at) ? slotAt(at.exchange, grid) : undefined;
}

/** Where intervals without trades have no row, that answers show none is no news. */
function mayBeQuiet({ rules, gap, lastError }: SeriesState, event: SeriesEvent): boolean {
  const fails = event.kind === 'failed' || lastError !== undefined;
  return rules.evidence.emptyIntervals === 'absent' && gap === undefined && !fails;
}

/** One late close is rescued without much ado; several are a hole. */
function isOverdue({ rules, grid, next }: SeriesState, isKnown: boolean, at: At): boolean {
  const second = slotAfter(next, grid);
  const hasBegun = second - 1 < at.exchange;
  if (isKnown || !hasBegun) return hasBegun;
  return slotAfter(second, grid) - 1 + rules.graceMs <= at.exchange;
}
