import type { EpochMs } from './candle.ts';
import { CONFIRM_AFTER_MS, openTimeBefore, provenHoleAt, witnessesFor, type Answer } from './evidence.ts';
import { closeTimeOf, nextOpenTime, openTimeAt } from './interval.ts';
import type { At, SeriesEvent, SeriesOutput, SeriesState, Step } from './series-state.ts';

/** While a gap lasts it is told again this often, ms. */
const ANNOUNCE_EVERY_MS = 10_000;
/** Reads that bring nothing are repeated after 1, 2, 4 … s, at most this, ms. */
const LONGEST_WAIT_MS = 30_000;
/** A read is sent this much after the moment it needs, so that a timer that fires early costs no second read, ms. */
const MARGIN_MS = 10;
/** So many reads in a row without progress make a wait worth telling. */
const TELL_AFTER_FRUITLESS = 2;

/** When the next read may be sent: at once while reads bring something, later and later while they do not. */
export function pace(
  before: SeriesState,
  now: SeriesState,
  { event, at }: { event: SeriesEvent; at: At },
): SeriesState {
  if (event.kind === 'answer') return paceAfterAnswer(before, now, event.answer);
  const nothingFound = event.kind === 'first open' && event.openTime === Infinity;
  return event.kind === 'failed' || nothingFound ? fruitless(now, at.local) : now;
}

function paceAfterAnswer(before: SeriesState, now: SeriesState, answer: Answer): SeriesState {
  const received = answer.receivedAtLocal;
  const head = now.known[0];
  const hole = now.holes.find(({ from }) => from === now.next);
  if (head?.candle.timestamp === now.next) {
    // The last row of a full page: the next page shows what comes after it, which proves it.
    const isPageEnd = answer.before <= head.candle.closeTime + 1 && now.next > before.next;
    return fruitful(now, isPageEnd ? received : Math.max(received, head.seenAt + CONFIRM_AFTER_MS + MARGIN_MS));
  }
  if (hole !== undefined)
    return fruitful(now, hole.proven ? received : received + witnessesFor(hole.before, answer.sentAt).everyMs);
  return now.next > before.next ? fruitful(now, received) : fruitless(now, received);
}

const fruitful = (state: SeriesState, notBefore: number): SeriesState => ({ ...state, fruitless: 0, notBefore });

function fruitless(state: SeriesState, local: number): SeriesState {
  const times = state.fruitless + 1;
  return { ...state, fruitless: times, notBefore: local + Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (times - 1)) };
}

interface Context {
  readonly at: At;
  readonly outputs: SeriesOutput[];
}

/** After everything has been delivered: end, tell, read, or say when to come back. */
export function plan(state: SeriesState, event: SeriesEvent, context: Context): Step {
  const { outputs } = context;
  const now = closeGap(state, context);
  if (now.next >= now.until) {
    outputs.push({ kind: 'done' });
    return { state: now, outputs, wakeAt: Infinity };
  }
  const told = tell(now, event, context);
  const dueAt = dueTime(told, context.at);
  const asked = ask(told, dueAt, context);
  return { state: asked, outputs, wakeAt: wakeTime(asked, dueAt, context.at) };
}

/** Exchange time from which a read is worth sending: what is known and undelivered, or overdue. */
function dueTime(state: SeriesState, at: At): EpochMs {
  const { interval } = state.rules;
  const uncertainty = at.exchange - at.atLeast + MARGIN_MS;
  const waitMs = state.known.length > 0 || isUnsent(state) ? state.rules.settleMs : state.rules.graceMs;
  return closeTimeOf(state.next, interval) + waitMs + uncertainty;
}

/** Whether the stream cannot be expected to send the next close, because it did not carry the series at that moment. */
function isUnsent(state: SeriesState): boolean {
  return state.rules.warmUp || state.liveSince > closeTimeOf(state.next, state.rules.interval);
}

function ask(state: SeriesState, dueAt: EpochMs, { at, outputs }: Context): SeriesState {
  const isDue = dueAt <= at.exchange;
  if (state.reading && !isDue) {
    outputs.push({ kind: 'cancel' });
    return { ...state, reading: false };
  }
  if (state.reading || !isDue || state.notBefore > at.local) return state;
  if (mayNotHaveBegun(state)) outputs.push({ kind: 'find first open' });
  else outputs.push({ kind: 'read', from: state.next, before: readEnd(state, at), doubtful: state.fruitless > 0 });
  return { ...state, reading: true };
}

/**
 * Whether what lies before the first candle ever would explain what reads show: a hole from `next` on, or nothing at all
 * where a page ends before the series begins. The latter is looked into after every second read that brought nothing.
 */
function mayNotHaveBegun(state: SeriesState): boolean {
  if (state.begun) return false;
  const { rules, known, fruitless } = state;
  const isEmptyPage = rules.warmUp && known.length === 0 && fruitless > 0 && fruitless % 2 === 0;
  return isEmptyPage || provenHoleAt(state.holes, state.next) !== undefined;
}

/** A read goes to the first candle that shows where the hole ends, or else to the running one: both prove what lies before. */
function readEnd(state: SeriesState, at: At): EpochMs {
  const { interval } = state.rules;
  const running = nextOpenTime(openTimeAt(at.exchange, interval, state.next), interval);
  const neighbour = state.known.find(({ candle, final }) => final && candle.timestamp > state.next);
  const proof = neighbour?.candle.timestamp ?? state.until;
  return Number.isFinite(proof)
    ? Math.max(nextOpenTime(state.next, interval), Math.min(running, nextOpenTime(proof, interval)))
    : running;
}

function wakeTime(state: SeriesState, dueAt: EpochMs, at: At): EpochMs {
  const fromLocal = (local: number) => at.exchange + Math.max(0, local - at.local);
  const read = state.reading ? Infinity : Math.max(dueAt, fromLocal(state.notBefore));
  return state.gap === undefined ? read : Math.min(read, fromLocal(state.gap.announcedAt + ANNOUNCE_EVERY_MS));
}

/** Tells the end of the gap that the bus has heard of. */
function closeGap(state: SeriesState, { at, outputs }: Context): SeriesState {
  const { gap, next, until } = state;
  if (gap === undefined || (next <= gap.to && next < until)) return state;
  outputs.push({ kind: 'gap filled', from: gap.from, to: gap.to, durationMs: at.local - gap.since });
  return { ...state, gap: undefined };
}

/** Opens the gap that the bus hears of, and repeats it while it lasts. */
function tell(state: SeriesState, event: SeriesEvent, { at, outputs }: Context): SeriesState {
  const { gap } = state;
  const to = lastAwaited(state, event, at) ?? gap?.to;
  if (to === undefined) return state;
  if (gap !== undefined && at.local - gap.announcedAt < ANNOUNCE_EVERY_MS)
    return to <= gap.to ? state : { ...state, gap: { ...gap, to } };
  const since = gap?.since ?? at.local;
  const from = gap?.from ?? state.next;
  outputs.push({ kind: 'gap opened', from, to, reason: reasonOf(state, event), waitedMs: at.local - since });
  return { ...state, gap: { from, to, since, announcedAt: at.local } };
}

function reasonOf(state: SeriesState, event: SeriesEvent): string {
  if (event.kind === 'failed') return event.reason;
  if (state.fruitless > 0) return 'REST does not show it yet';
  return state.known.length > 0 ? 'a later candle came first' : 'closes did not come';
}

/** Last open time of what the series waits for, if that is worth telling. */
function lastAwaited(state: SeriesState, event: SeriesEvent, at: At): EpochMs | undefined {
  const { rules, next } = state;
  const failing = event.kind === 'failed' || state.fruitless >= TELL_AFTER_FRUITLESS;
  if (rules.warmUp)
    return failing || state.gap !== undefined ? openTimeBefore(state.until, rules.interval, next) : undefined;
  const later = state.known.find(({ candle, final }) => final && candle.timestamp > next);
  if (later !== undefined) return openTimeBefore(later.candle.timestamp, rules.interval, next);
  const second = nextOpenTime(next, rules.interval);
  const severalDue = closeTimeOf(second, rules.interval) + rules.graceMs <= at.exchange;
  const oneDue = closeTimeOf(next, rules.interval) < at.exchange;
  if (!severalDue && !(oneDue && (failing || state.gap !== undefined))) return undefined;
  return openTimeBefore(openTimeAt(at.exchange, rules.interval, next), rules.interval, next);
}
