import { slidingWindow } from '../../core/pacing.ts';
import type { Venue } from '../../venues/venue.ts';

const FIVE_MINUTES = 5 * 60_000;

/** When the next connection attempt may be made, over all shards and feeds: the venue counts them by address. */
export interface AttemptGate {
  /** How long to wait, whole ms: timers cut fractions off. A planned attempt leaves a fifth of the budget to recovery. */
  waitMs(now: number, planned?: boolean): number;
  take(now: number): void;
  /** The venue asked for a pause (`Retry-After`). */
  holdUntil(time: number): void;
}

export function attemptGate(attemptsPerFiveMinutes: number): AttemptGate {
  const window = slidingWindow(attemptsPerFiveMinutes, FIVE_MINUTES);
  const reserve = Math.floor(attemptsPerFiveMinutes / 5);
  let heldUntil = -Infinity;
  return {
    waitMs: (now, planned = false) =>
      Math.ceil(Math.max(window.waitMs(now, planned ? reserve : 0), heldUntil - now, 0)),
    take(now) {
      window.take(now);
    },
    holdUntil(time) {
      heldUntil = Math.max(heldUntil, time);
    },
  };
}

/** One gate for each host, for all feeds of one process and one clock; what was attempted outlives the feed that did. */
export class SharedGates {
  readonly #gates = new Map<string, AttemptGate>();

  take({ stream }: Venue, streamUrl: string): AttemptGate {
    const { host } = new URL(streamUrl);
    const gate = this.#gates.get(host) ?? attemptGate(stream.attemptsPerFiveMinutes);
    this.#gates.set(host, gate);
    return gate;
  }
}
