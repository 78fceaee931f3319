import type { EpochMs } from './candle.ts';

const MINUTE = 60_000;
/** Sent this long after a minute's start, a request is counted in it although our clock may be a little ahead, ms. */
const CLOCK_DOUBT_MS = 250;

/**
 * Request weight spent in one minute of the exchange's clock.
 * The exchange counts by UTC minute, not by a sliding window (measured: FACTS 4.3, POLY, 2026-10-07).
 */
export interface WeightUse {
  /** Start of the minute, ms UTC. */
  readonly minute: EpochMs;
  readonly used: number;
  /** Weight of the requests that have no answer yet: the exchange may count them now or in the next minute. */
  readonly inFlight: number;
}

/** One request whose answer is known. */
export interface Answered {
  readonly weight: number;
  /** When it was sent, ms of the exchange's clock. */
  readonly sentAt: EpochMs;
  /** What the exchange says was used in its minute, this request included; undefined when it did not say. */
  readonly header: number | undefined;
}

export const NOTHING_USED: WeightUse = { minute: 0, used: 0, inFlight: 0 };

/** Books a request at the moment it is sent; refused ones cost the same. */
export function spendWeight(use: WeightUse, weight: number, now: EpochMs): WeightUse {
  const current = atMinuteOf(use, now);
  return { ...current, used: current.used + weight, inFlight: current.inFlight + weight };
}

/**
 * Takes an answer off the requests in flight and learns from its header: the larger of both counts stands.
 * Requests still in flight are added to the header, as the exchange may not have seen them when it wrote it.
 * A header of a request sent in an earlier minute may speak of that minute and is not used.
 */
export function settleWeight(use: WeightUse, answer: Answered, now: EpochMs): WeightUse {
  const current = atMinuteOf(use, now);
  const inFlight = Math.max(0, current.inFlight - answer.weight);
  const told = answer.header === undefined || minuteOf(answer.sentAt) !== current.minute ? 0 : answer.header + inFlight;
  return { minute: current.minute, used: Math.max(current.used, told), inFlight };
}

/** Weight counted in the minute of `now`. */
export function weightUsed(use: WeightUse, now: EpochMs): number {
  return atMinuteOf(use, now).used;
}

/** How long to wait before `weight` may be spent, ms; 0 for now. A weight above the limit waits for an empty minute. */
export function waitForWeight(use: WeightUse, ask: { weight: number; limit: number }, now: EpochMs): number {
  const { used } = atMinuteOf(use, now);
  return used === 0 || used + ask.weight <= ask.limit ? 0 : untilNextMinute(now);
}

/** From `now` until the next minute has surely begun at the exchange, ms. */
export function untilNextMinute(now: EpochMs): number {
  return minuteOf(now) + MINUTE - now + CLOCK_DOUBT_MS;
}

function minuteOf(time: EpochMs): EpochMs {
  return Math.floor(time / MINUTE) * MINUTE;
}

/** A new minute starts with what is in flight. A clock that was set back frees nothing. */
function atMinuteOf(use: WeightUse, now: EpochMs): WeightUse {
  const minute = minuteOf(now);
  if (minute === use.minute) return use;
  return { minute, used: minute > use.minute ? use.inFlight : use.used, inFlight: use.inFlight };
}
