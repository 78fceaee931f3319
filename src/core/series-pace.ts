import type { Candle } from './candle.ts';
import { CONFIRM_AFTER_MS, type Answer } from './evidence.ts';
import { DRIFT } from './exchange-clock.ts';
import { followsAt } from './grid.ts';
import type { Hole } from './holes.ts';
import { closeTimeOf, nextOpenTime } from './interval.ts';
import { confirmationsFor } from './missing-rules.ts';
import { MARGIN_MS, holeAtNext, mayNotHaveStarted, rowAfterNext } from './series-plan.ts';
import type { At, SeriesEvent, SeriesRules, SeriesState } from './series-state.ts';

/** Reads that bring nothing are repeated after 1, 2, 4 … s, at most this, ms. */
const LONGEST_WAIT_MS = 30_000;

/** When the next read may be sent: at once while reads bring something, later and later while they do not. */
export function pace(
  before: SeriesState,
  now: SeriesState,
  { event, at }: { event: SeriesEvent; at: At },
): SeriesState {
  if (event.kind === 'answer') return beforeProof(paceAfterAnswer(before, now, event.answer), event.answer, at);
  // No other event has an open time.
  const nothingFound = event.kind === 'first open' && event.openTime === Infinity;
  return event.kind === 'failed' || nothingFound ? afterEmptyRead(now, at.local) : now;
}

/**
 * A row that follows the next candle and has not settled proves, once it has, what an answer says of that one: reads that
 * bring nothing wait no longer than until then.
 */
function beforeProof(now: SeriesState, { rows }: Answer, at: At): SeriesState {
  const row = now.emptyReads > 0 ? rows.find(({ timestamp }) => timestamp > now.next) : undefined;
  if (row === undefined) return now;
  const { interval, settleMs } = now.rules;
  const settlesIn = closeTimeOf(row.timestamp, interval) + settleMs - at.atLeast;
  if (settlesIn <= 0) return now;
  // Our estimate of the exchange's time becomes less certain meanwhile.
  const wait = Math.ceil(settlesIn / (1 - DRIFT)) + MARGIN_MS;
  return { ...now, notBefore: Math.min(now.notBefore, at.local + wait) };
}

function paceAfterAnswer(before: SeriesState, now: SeriesState, answer: Answer): SeriesState {
  const received = answer.receivedAtLocal;
  // Where more rows than asked for answer, a market that begins with the newest leaves out the one that is awaited.
  if (answer.from > now.next) return paceAfterNothing(before, now, received);
  const head = now.known[0];
  const hole = holeAtNext(now);
  if (head !== undefined && followsAt(head.candle.timestamp, now)) {
    const confirmAt = Math.max(received, head.seenAt + CONFIRM_AFTER_MS + MARGIN_MS);
    return afterUsefulRead(now, now.next > before.next && isPageEnd(now, head.candle, answer) ? received : confirmAt);
  }
  if (hole !== undefined)
    return afterUsefulRead(now, isSteppedOver(hole, now) ? received : received + everyMs(hole, answer, now.rules));
  return paceAfterNothing(before, now, received);
}

/** Whether a hole is proven and will be skipped; where the series may not have begun, that is looked up first. */
const isSteppedOver = (hole: Hole, now: SeriesState): boolean =>
  hole.proven && (now.hasStarted || mayNotHaveStarted(now));

const everyMs = (hole: Hole, { sentAt }: Answer, { evidence }: SeriesRules): number =>
  confirmationsFor(hole.before, sentAt, evidence).everyMs;

/** The answer shows neither the next candle nor that it is missing. */
function paceAfterNothing(before: SeriesState, now: SeriesState, received: number): SeriesState {
  if (now.next > before.next) return afterUsefulRead(now, received);
  // In a long hole each read may come closer to its end.
  return rowAfterNext(now) < rowAfterNext(before) ? { ...now, notBefore: received } : afterEmptyRead(now, received);
}

/** Whether a page ended with the candle the series waits for, so that the next page shows what comes after it, which proves it. */
function isPageEnd({ rules }: SeriesState, { timestamp }: Candle, answer: Answer): boolean {
  const successor = nextOpenTime(timestamp, rules.interval);
  return answer.before <= successor && closeTimeOf(successor, rules.interval) + rules.settleMs < answer.sentAt;
}

const afterUsefulRead = (state: SeriesState, notBefore: number): SeriesState => ({
  ...state,
  emptyReads: 0,
  notBefore,
});

function afterEmptyRead(state: SeriesState, local: number): SeriesState {
  const times = state.emptyReads + 1;
  return { ...state, emptyReads: times, notBefore: local + Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (times - 1)) };
}
