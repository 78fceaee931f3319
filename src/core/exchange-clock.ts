import type { EpochMs } from './candle.ts';

/**
 * What we know of the exchange's clock. Local times are ms of a monotonic clock with any origin;
 * exchange time = local time + offset.
 */
export interface ClockEstimate {
  readonly offsetMs: number;
  /** The true offset differs by no more than this, at the moment it was learnt. */
  readonly errorMs: number;
  /** Local time. */
  readonly learntAt: number;
  /** False while frames are the only witness. */
  readonly asked: boolean;
}

/** One answer to "what time is it". Both local times are ours. */
export interface TimeSample {
  readonly serverTime: EpochMs;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Two clocks may drift apart by this much per ms: worse than any quartz, and by far enough to be safe. */
const DRIFT = 0.0005;
/** Between the exchange building a frame and our reading it. Generous: an estimate from frames alone is a first guess. */
const FRAME_DELAY_MS = 250;

/** Bound of the error after the estimate has aged. */
export function errorAt(estimate: ClockEstimate, local: number): number {
  return estimate.errorMs + Math.max(0, local - estimate.learntAt) * DRIFT;
}

/**
 * The exchange read its clock between our sending and receiving, so the offset lies between two bounds.
 * A standing estimate inside them that is sharper is kept; one outside them is wrong (a clock jumped, the machine slept) and replaced.
 */
export function withTimeSample(estimate: ClockEstimate | undefined, sample: TimeSample): ClockEstimate {
  const lowest = sample.serverTime - sample.receivedAt;
  const highest = sample.serverTime - sample.sentAt;
  const errorMs = (highest - lowest) / 2;
  if (estimate?.asked === true && estimate.offsetMs >= lowest && estimate.offsetMs <= highest) {
    const standing = errorAt(estimate, sample.receivedAt);
    if (standing <= errorMs) return { ...estimate, errorMs: standing, learntAt: sample.receivedAt };
  }
  return { offsetMs: (lowest + highest) / 2, errorMs, learntAt: sample.receivedAt, asked: true };
}

/** A frame built at `eventTime` and read at local time `receivedAt`: the offset is at least their difference. */
export function withEventTime(
  estimate: ClockEstimate | undefined,
  eventTime: EpochMs,
  receivedAt: number,
): ClockEstimate {
  const lowest = eventTime - receivedAt;
  if (estimate !== undefined && (estimate.asked || lowest <= estimate.offsetMs)) return estimate;
  return { offsetMs: lowest, errorMs: FRAME_DELAY_MS, learntAt: receivedAt, asked: false };
}

/** Whether a frame contradicts the estimate by more than `toleranceMs`, so that the exchange must be asked again. */
export function contradicts(
  estimate: ClockEstimate,
  frame: { readonly eventTime: EpochMs; readonly receivedAt: number },
  toleranceMs: number,
): boolean {
  return Math.abs(frame.eventTime - frame.receivedAt - estimate.offsetMs) > toleranceMs;
}
