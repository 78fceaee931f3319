import type { Subscription } from 'rxjs';
import { calculateBackoff } from '../core/backoff.ts';
import type { DisconnectReason } from '../core/events.ts';
import { SessionError } from '../ports/session.ts';
import { after, every } from './after.ts';
import type { LinkEnd, SessionLink } from './session-link.ts';
import type { StreamParts } from './stream-parts.ts';

const CHECK_MS = 250;
/** Both sessions go on for so long after the new one has delivered, ms. */
const OVERLAP_MS = 1000;
/** How long to wait for the new session's first data, ms. */
const PROOF_MS = 30_000;
/** A new session that stays silent while the old one delivers is tried again no sooner, ms. */
const SILENT_PAUSE_MS = 60_000;
/** A session that has lived so long counts as a success, ms. */
const STEADY_MS = 60_000;

export interface ReplacementHost {
  /** The session that is to be replaced; undefined when there is none. */
  main(): SessionLink | undefined;
  newLink(): SessionLink;
  /** The new session is proved: it becomes the session, the old one is closed. */
  takeOver(spare: SessionLink, reason: DisconnectReason): void;
  /** A session that we gave up was closed. */
  onClosed(link: SessionLink, reason: DisconnectReason): void;
}

/**
 * A fresh session beside one that still works: opened, told everything, watched until it delivers, and only then put
 * in the other's place. While it fails it is tried again with growing pauses and the old session goes on.
 *
 * ```text
 * old   ──data──data──data──data──data──┐ closed
 * new         open─ack─ack──────data────┴──data──     1 s after its first data
 * ```
 */
export class Replacement {
  readonly #parts: StreamParts;
  readonly #host: ReplacementHost;
  #spare: SessionLink | undefined;
  #reason: DisconnectReason = 'rotation';
  #timer: Subscription | undefined;
  #checks: Subscription | undefined;
  /** Sessions opened since one last proved steady. */
  #tries = 0;
  #settled: { readonly at: number; readonly spareFrames: number; readonly mainFrames: number } | undefined;
  #deliveredAt: number | undefined;

  constructor(parts: StreamParts, host: ReplacementHost) {
    this.#parts = parts;
    this.#host = host;
  }

  get spare(): SessionLink | undefined {
    return this.#spare;
  }

  /** False when one is on its way already, or there is nothing to replace. */
  request(reason: DisconnectReason): boolean {
    const main = this.#host.main();
    if (main === undefined || this.#spare !== undefined || this.#timer !== undefined) return false;
    if (main.ageMs >= STEADY_MS) this.#tries = 0;
    this.#reason = reason;
    this.#startAfter(this.#pauseMs(), reason);
    return true;
  }

  /** The new session has ended before its time, or was given up. */
  fail(end: LinkEnd, leastPauseMs = 0): void {
    this.#clear();
    const { retryAfterMs = 0 } = end.error;
    const now = this.#parts.scheduler.now();
    if (retryAfterMs > 0) this.#parts.gate.holdUntil(now + retryAfterMs);
    this.#startAfter(Math.max(this.#pauseMs(), retryAfterMs, leastPauseMs), end.reason, end.error.message);
  }

  /** The old session is gone: hands over the new one, if there is one, and stops. */
  release(): SessionLink | undefined {
    const spare = this.#spare;
    this.#clear();
    return spare;
  }

  #pauseMs(): number {
    return this.#tries === 0 ? 0 : calculateBackoff(this.#parts.reconnect, this.#tries, this.#parts.random);
  }

  /** Planned work is no news. */
  #startAfter(delayMs: number, reason: DisconnectReason, detail?: string): void {
    const attempt = this.#tries + 1;
    if (reason !== 'rotation') {
      const event = { type: 'RECONNECTING', attempt, delayMs, reason } as const;
      this.#parts.publish(detail === undefined ? event : { ...event, detail });
    }
    this.#waitThenStart(delayMs);
  }

  #waitThenStart(delayMs: number): void {
    this.#timer = after(this.#parts.scheduler, delayMs, () => {
      this.#timer = undefined;
      this.#start();
    });
  }

  #start(): void {
    const { gate, scheduler, counters } = this.#parts;
    if (this.#isMended()) return;
    const wait = gate.waitMs(scheduler.now(), true);
    if (wait > 0) {
      this.#waitThenStart(wait);
      return;
    }
    gate.take(scheduler.now());
    counters.replacements++;
    this.#tries++;
    this.#spare = this.#host.newLink();
    this.#checks = every(scheduler, CHECK_MS, () => {
      this.#check();
    });
    this.#spare.open();
  }

  /** A silent session that has found its voice needs no replacement any more. */
  #isMended(): boolean {
    const silentMs = this.#host.main()?.silentMs ?? Infinity;
    return this.#reason === 'silent' && silentMs < this.#parts.silenceMs;
  }

  #check(): void {
    const spare = this.#spare;
    const main = this.#host.main();
    if (spare === undefined || main === undefined || !spare.isOpen || !spare.allAcknowledged) return;
    const now = this.#parts.scheduler.now();
    this.#settled ??= { at: now, spareFrames: spare.dataFrames, mainFrames: main.dataFrames };
    if (spare.dataFrames > this.#settled.spareFrames) this.#deliveredAt ??= now;
    if (this.#deliveredAt !== undefined) {
      if (now - this.#deliveredAt >= OVERLAP_MS) this.#takeOver(spare);
    } else if (now - this.#settled.at >= PROOF_MS) {
      this.#judgeSilent(spare, main.dataFrames > this.#settled.mainFrames);
    }
  }

  /** Without data on either the market is quiet; with data on the old one alone, the new one is no good. */
  #judgeSilent(spare: SessionLink, oldDelivers: boolean): void {
    if (!oldDelivers) {
      this.#takeOver(spare);
      return;
    }
    spare.close();
    this.#host.onClosed(spare, 'silent');
    const error = new SessionError('ended', 'the new connection stays silent while the old one delivers');
    this.fail({ reason: 'silent', error }, SILENT_PAUSE_MS);
  }

  /** After a shutdown notice the next session may get one too: only time shows that it was a success. */
  #takeOver(spare: SessionLink): void {
    this.#clear();
    if (this.#reason !== 'server shutdown') this.#tries = 0;
    this.#host.takeOver(spare, this.#reason);
  }

  #clear(): void {
    if (this.#spare !== undefined) this.#parts.counters.replacements--;
    this.#spare = this.#settled = this.#deliveredAt = undefined;
    this.#checks?.unsubscribe();
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
