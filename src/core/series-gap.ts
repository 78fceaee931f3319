import type { EpochMs } from './candle.ts';
import { openTimeBefore } from './evidence.ts';
import { closeTimeOf, nextOpenTime, openTimeAt } from './interval.ts';
import type { At, Gap, SeriesEvent, SeriesOutput, SeriesState } from './series-state.ts';

/** While a gap lasts it is told again this often, ms. */
export const ANNOUNCE_EVERY_MS = 10_000;
/** So many reads in a row without progress make a wait worth telling. */
const TELL_AFTER_FRUITLESS = 2;

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
  const to = lastAwaited(state, event, context.at) ?? gap?.to;
  if (to === undefined) return state;
  if (gap === undefined) return openGap(state, event, { ...context, from: state.next, to, since: context.at.local });
  if (context.at.local - gap.announcedAt >= ANNOUNCE_EVERY_MS) return openGap(state, event, { ...context, ...gap, to });
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
  if (event.kind === 'failed') return event.reason;
  if (state.trouble !== undefined) return state.trouble;
  if (state.fruitless > 0) return 'REST does not show it yet';
  return state.known.length > 0 ? 'a later candle came first' : 'closes did not come';
}

/** Last open time of what the series waits for, if that is worth telling. */
function lastAwaited(state: SeriesState, event: SeriesEvent, at: At): EpochMs | undefined {
  const { rules, next } = state;
  const isKnown = state.gap !== undefined || event.kind === 'failed' || state.fruitless >= TELL_AFTER_FRUITLESS;
  if (rules.warmUp) return isKnown ? openTimeBefore(state.until, rules.interval, next) : undefined;
  const later = state.known.find(({ candle, final }) => final && candle.timestamp > next);
  if (later !== undefined) return openTimeBefore(later.candle.timestamp, rules.interval, next);
  if (!isOverdue(state, isKnown, at)) return undefined;
  return openTimeBefore(openTimeAt(at.exchange, rules.interval, next), rules.interval, next);
}

/** One late close is rescued without much ado; several are a hole. */
function isOverdue({ rules, next }: SeriesState, isKnown: boolean, at: At): boolean {
  if (isKnown) return closeTimeOf(next, rules.interval) < at.exchange;
  const second = nextOpenTime(next, rules.interval);
  return closeTimeOf(second, rules.interval) + rules.graceMs <= at.exchange;
}
