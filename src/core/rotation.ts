const MINUTE = 60_000;
/** Candles close at the full minute: nothing planned starts from 5 s before it to 10 s after it. */
const BEFORE_MS = 5000;
const AFTER_MS = 10_000;
/** Shorter lives cannot keep away from minutes. */
const SHORTEST_CHOOSY_MS = 10 * MINUTE;
/** Time for the new session to connect, be acknowledged and deliver before the old one is too old. */
const LEAD_MS = 5000;

/**
 * Age at which to begin to replace a session, ms: between 85 % and 95 % of `rotateAfterMs`, so that sessions
 * opened together are not replaced together, and early enough to be done by `rotateAfterMs`.
 *
 * @param random - number in [0, 1)
 * @param exchangeNow - exchange time at age 0, ms UTC
 */
export function rotationAgeMs(rotateAfterMs: number, random: number, exchangeNow: number): number {
  if (rotateAfterMs === Infinity) return Infinity;
  const age = Math.max(rotateAfterMs / 2, Math.min(rotateAfterMs * (0.85 + 0.1 * random), rotateAfterMs - LEAD_MS));
  return age + rotationWaitMs(rotateAfterMs, exchangeNow + age);
}

/** How long a rotation that is due has to wait for a quiet moment, ms. */
export function rotationWaitMs(rotateAfterMs: number, exchangeNow: number): number {
  return rotateAfterMs > SHORTEST_CHOOSY_MS ? msUntilQuiet(exchangeNow) : 0;
}

/** How long until `time` is away from the full minute, ms. */
export function msUntilQuiet(time: number): number {
  const phase = ((time % MINUTE) + MINUTE) % MINUTE;
  if (phase < AFTER_MS) return AFTER_MS - phase;
  return phase >= MINUTE - BEFORE_MS ? MINUTE - phase + AFTER_MS : 0;
}
