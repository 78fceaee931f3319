import { completed } from './completed.ts';
import { DEFAULT_RECONNECT } from './defaults.ts';
import type { ReconnectPolicy } from './reconnect-policy.ts';

export type { ReconnectPolicy };

/** A policy with every field optional. */
export type ReconnectOptions = { readonly [K in keyof ReconnectPolicy]?: ReconnectPolicy[K] | undefined };

/** Between attempts at one question over REST: 1, 2, 4 … 30 s. */
export const REST_RETRY: Partial<ReconnectPolicy> = {
  initialDelayMs: 1000,
  maxDelayMs: 30_000,
  multiplier: 2,
  jitter: false,
};

/** The policy with defaults for what is missing or undefined. */
export function completePolicy(policy: ReconnectOptions): ReconnectPolicy {
  return completed(DEFAULT_RECONNECT, policy);
}

/**
 * Delay before retry `attempt`, ms: `min(maxDelayMs, initialDelayMs · multiplier^(attempt − 1))`,
 * with `jitter` a random value between half of it and all of it.
 *
 * @param policy - fields left out have their defaults (1 s, 60 s, ×2, jitter)
 * @param attempt - 1 for the first retry; anything below counts as 1, and `Infinity` gives the longest delay
 * @param random - number in [0, 1) per call; brings the jitter
 */
export function calculateBackoff(
  policy: ReconnectOptions,
  attempt: number,
  random: () => number = Math.random,
): number {
  const { initialDelayMs, maxDelayMs, multiplier, jitter } = completePolicy(policy);
  const grown = initialDelayMs * multiplier ** (attempt > 1 ? attempt - 1 : 0);
  // 0 · Infinity and 1 ** Infinity are NaN: a delay that never grows is the initial one.
  const delay = Math.min(maxDelayMs, Number.isNaN(grown) ? initialDelayMs : grown);
  return jitter ? delay * (0.5 + random() / 2) : delay;
}
