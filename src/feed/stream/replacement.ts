import type { Subscription } from 'rxjs';
import { calculateBackoff } from '../../core/backoff.ts';
import type { DisconnectReason } from '../../core/events.ts';
import { SessionError } from '../../ports/session.ts';
import { after, every } from '../after.ts';
import { Overlap } from './overlap.ts';
import type { LinkEnd, SessionLink } from './session-link.ts';
import type { StreamParts } from './stream-parts.ts';

const CHECK_MS = 250;
/** A new session that stays silent while the old one delivers is tried again no sooner, ms. */
const SILENT_PAUSE_MS = 60_000;
/** A session that has lived so long counts as a success, ms. */
const STEADY_MS = 60_000;
/** The old session still delivers when it is replaced for these: they leave a part of the attempts to recovery. */
const PLANNED: readonly DisconnectReason[] = ['rotation', 'server shutdown'];

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
  #underWay = false;
  #spare: SessionLink | undefined;
  #reason: DisconnectReason = 'rotation';
  #timer: Subscription | undefined;
  #checks: Subscription | undefined;
  /** Sessions opened since one last proved steady. */
  #tries = 0;
  #overlap = new Overlap();

  constructor(parts: StreamParts, host: ReplacementHost) {
    this.#parts = parts;
    this.#host = host;
  }

  get spare(): SessionLink | undefined {
    return this.#spare;
  }

  /** False when one is on its way already, or there is nothing to replace. Trouble does not wait behind a rotation. */
  request(reason: DisconnectReason): boolean {
    const main = this.#host.main();
    if (main === undefined || (this.#underWay && !this.#comesBefore(reason))) return false;
    this.#finish();
    this.#underWay = true;
    this.#parts.counters.replacements++;
    if (main.ageMs >= STEADY_MS) this.#tries = 0;
    this.#reason = reason;
    this.#startAfter(this.#pauseMs(), reason);
    return true;
  }

  /** The new session has ended before its time, or was given up. */
  fail(end: LinkEnd, leastPauseMs = 0): void {
    this.#forgetSpare();
    const { retryAfterMs = 0 } = end.error;
    const now = this.#parts.scheduler.now();
    if (retryAfterMs > 0) this.#parts.gate.holdUntil(now + retryAfterMs);
    this.#startAfter(Math.max(this.#pauseMs(), retryAfterMs, leastPauseMs), end.reason, end.error.message);
  }

  /** The old session is gone: hands over the new one, if there is one, and stops. */
  release(): SessionLink | undefined {
    const spare = this.#spare;
    this.#finish();
    return spare;
  }

  #comesBefore(reason: DisconnectReason): boolean {
    return this.#reason === 'rotation' && reason !== 'rotation' && this.#spare === undefined;
  }

  #pauseMs(): number {
    return this.#tries === 0 ? 0 : calculateBackoff(this.#parts.reconnect, this.#tries, this.#parts.random);
  }

  /** Planned work is no news. */
  #startAfter(delayMs: number, reason: DisconnectReason, detail?: string): void {
    const attempt = this.#tries + 1;
    if (reason !== 'rotation') {
      const event = { type: 'RECONNECTING', url: this.#parts.url, attempt, delayMs, reason } as const;
      this.#parts.publish(detail === undefined ? event : { ...event, detail });
    }
    this.#waitThenStart(delayMs);
  }

  #waitThenStart(delayMs: number): void {
    this.#timer = after(this.#parts.scheduler, delayMs, () => {
      this.#start();
    });
  }

  #start(): void {
    const { gate, scheduler } = this.#parts;
    if (this.#isMended()) {
      this.#finish();
      return;
    }
    const wait = gate.waitMs(scheduler.now(), PLANNED.includes(this.#reason));
    if (wait > 0) {
      this.#waitThenStart(wait);
      return;
    }
    gate.take(scheduler.now());
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
    if (spare === undefined || main === undefined) return;
    const verdict = this.#overlap.judge({
      now: this.#parts.scheduler.now(),
      oldFrames: main.dataFrames,
      newFrames: spare.dataFrames,
      acknowledged: spare.isOpen && spare.allAcknowledged,
    });
    if (verdict === 'take over') this.#takeOver(spare);
    else if (verdict === 'give up') this.#giveUp(spare);
  }

  #giveUp(spare: SessionLink): void {
    spare.close();
    this.#host.onClosed(spare, 'silent');
    const error = new SessionError('ended', 'the new connection stays silent while the old one delivers');
    this.fail({ reason: 'silent', error }, SILENT_PAUSE_MS);
  }

  /** After a shutdown notice the next session may get one too: only time shows that it was a success. */
  #takeOver(spare: SessionLink): void {
    this.#finish();
    if (this.#reason !== 'server shutdown') this.#tries = 0;
    this.#host.takeOver(spare, this.#reason);
  }

  #finish(): void {
    this.#forgetSpare();
    this.#timer?.unsubscribe();
    if (this.#underWay) this.#parts.counters.replacements--;
    this.#underWay = false;
  }

  #forgetSpare(): void {
    this.#spare = undefined;
    this.#overlap = new Overlap();
    this.#checks?.unsubscribe();
  }
}
