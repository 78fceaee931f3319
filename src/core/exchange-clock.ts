import type { EpochMs } from './candle.ts';

/**
 * Estimate of the exchange's clock. Local times are ms of a monotonic clock with any origin;
 * exchange time = local time + offset, and the offset lies between two bounds.
 */
export interface ClockEstimate {
  readonly lowest: number;
  readonly highest: number;
  /** Local time at which the bounds were drawn; they move apart with age. */
  readonly learntAt: number;
  /** False while only frames have been seen. */
  readonly asked: boolean;
}

/** One answer to "what time is it". Both local times are ours. */
export interface TimeSample {
  readonly serverTime: EpochMs;
  /** The exchange's clock shows steps of this length, ms. Default 1. */
  readonly stepMs?: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Most that two clocks drift apart per ms; several times worse than quartz clocks, to be safe. */
export const DRIFT = 0.0005;
/** Between the exchange building a frame and our reading it, ms. Generous: frames alone give a first guess. */
const FRAME_DELAY_MS = 100;

/** Best estimate of the offset, ms. */
export function offsetOf(estimate: ClockEstimate): number {
  return (estimate.lowest + estimate.highest) / 2;
}

/** The true offset differs from `offsetOf` by no more than this at a local time, ms. */
export function errorAt(estimate: ClockEstimate, local: number): number {
  return (estimate.highest - estimate.lowest) / 2 + Math.max(0, local - estimate.learntAt) * DRIFT;
}

/**
 * The exchange read its clock between our sending and receiving: two bounds for the offset. Where they overlap those
 * that stand, both are right and the overlap is sharper than either; where they do not, a clock has jumped or the
 * machine has slept, and the answer alone is right.
 */
export function withTimeSample(estimate: ClockEstimate | undefined, sample: TimeSample): ClockEstimate {
  // A clock that answers in steps may be up to one behind, and ours may have drifted while the answer was on its way.
  const drift = (sample.receivedAt - sample.sentAt) * DRIFT;
  const answer = {
    lowest: sample.serverTime - sample.receivedAt,
    highest: sample.serverTime + (sample.stepMs ?? 1) + drift - sample.sentAt,
  };
  const aged = estimate?.asked === true ? agedBounds(estimate, sample.receivedAt) : answer;
  const lowest = Math.max(aged.lowest, answer.lowest);
  const highest = Math.min(aged.highest, answer.highest);
  const bounds = lowest <= highest ? { lowest, highest } : answer;
  return { ...bounds, learntAt: sample.receivedAt, asked: true };
}

/** A frame built at `eventTime` and read at local time `receivedAt`: the offset is at least their difference. */
export function withEventTime(
  estimate: ClockEstimate | undefined,
  eventTime: EpochMs,
  receivedAt: number,
): ClockEstimate {
  const lowest = eventTime - receivedAt;
  if (estimate === undefined || (!estimate.asked && lowest > estimate.lowest)) {
    return { lowest, highest: lowest + FRAME_DELAY_MS, learntAt: receivedAt, asked: false };
  }
  const aged = agedBounds(estimate, receivedAt);
  if (!estimate.asked || lowest <= aged.lowest || lowest > aged.highest) return estimate;
  return { lowest, highest: aged.highest, learntAt: receivedAt, asked: true };
}

/** Whether a frame contradicts the estimate by more than `toleranceMs`, so that it must be refreshed. */
export function contradicts(
  estimate: ClockEstimate,
  frame: { readonly eventTime: EpochMs; readonly receivedAt: number },
  toleranceMs: number,
): boolean {
  return Math.abs(frame.eventTime - frame.receivedAt - offsetOf(estimate)) > toleranceMs;
}

function agedBounds({ lowest, highest, learntAt }: ClockEstimate, local: number): { lowest: number; highest: number } {
  const drift = Math.max(0, local - learntAt) * DRIFT;
  return { lowest: lowest - drift, highest: highest + drift };
}
