import { calculateBackoff } from '../../core/backoff.ts';
import { GeoBlockedError, ReconnectExhaustedError, type FeedError } from '../../core/errors.ts';
import type { LinkEnd, SessionLink } from './session-link.ts';
import type { StreamParts } from './stream-parts.ts';

/** A session that the venue cuts for breaking its rules (close code 1008) sooner than this is no success, ms. */
const STEADY_MS = 60_000;
const POLICY_VIOLATION = 1008;
const GEO_BLOCKED = 451;

/** The retries of one shard: how many there were since data was last delivered, and when the next is due. */
export class Retries {
  readonly #parts: StreamParts;
  #attempt = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /** Number of the last retry; 0 when there was none. */
  get attempt(): number {
    return this.#attempt;
  }

  reset(): void {
    this.#attempt = 0;
  }

  /** Delay before the session after this one, ms, or why there will be none. */
  next(link: SessionLink, end: LinkEnd): number | FeedError {
    const { reconnect, random, gate, scheduler, url } = this.#parts;
    const { error } = end;
    if (error.status === GEO_BLOCKED) return new GeoBlockedError(url);
    const productive = this.isProductive(link, end);
    this.#attempt = productive && !wasCut(link, end) ? 1 : this.#attempt + 1;
    const isLast = this.#attempt > reconnect.maxRetries && (!productive || reconnect.maxRetries < 1);
    if (isLast) return new ReconnectExhaustedError(this.#attempt - 1, { cause: error, url });
    const now = scheduler.now();
    if (error.retryAfterMs !== undefined) gate.holdUntil(now + error.retryAfterMs);
    return Math.max(calculateBackoff(reconnect, this.#attempt, random), gate.waitMs(now));
  }

  /** Silence behind live pings is a quiet market: a session that outlived `silenceMs` has not failed. */
  isProductive(link: SessionLink, end: LinkEnd): boolean {
    if (link.dataFrames > 0) return true;
    return end.reason === 'closed by peer' && link.ageMs >= this.#parts.silenceMs;
  }
}

function wasCut(link: SessionLink, { error }: LinkEnd): boolean {
  return error.closeCode === POLICY_VIOLATION && link.ageMs < STEADY_MS;
}
