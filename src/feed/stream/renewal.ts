import type { Subscription } from 'rxjs';
import { growingPause } from '../../core/growing-pause.ts';
import { rotationAgeMs, rotationWaitMs } from '../../core/rotation.ts';
import type { Topic } from '../../venues/venue.ts';
import { after } from '../after.ts';
import type { Replacement } from './replacement.ts';
import type { SessionLink } from './session-link.ts';
import type { StreamParts } from './stream-parts.ts';

const HOUR = 3_600_000;
/** Pause after the first session that was replaced for a silent series, ms. */
const REFRESH_PAUSE_MS = 60_000;
/** Planned replacements at one time, over all shards. */
const ROTATIONS_AT_ONCE = 3;
/** A session so near to its end (share of `rotateAfterMs`) waits for no other. */
const LATE = 0.97;
const LONGEST_RECHECK_MS = 15_000;

/** When a session that works is replaced all the same: because of its age, its silence, or that of one series. */
export class Renewal {
  readonly #parts: StreamParts;
  readonly #replacement: Replacement;
  readonly #silence;
  readonly #refreshes = growingPause(REFRESH_PAUSE_MS, HOUR);
  /** Topics said to be silent, that have not closed a candle since. */
  readonly #silentTopics = new Set<Topic>();
  #refreshTimer: Subscription | undefined;
  #rotation: Subscription | undefined;

  constructor(parts: StreamParts, replacement: Replacement) {
    this.#parts = parts;
    this.#replacement = replacement;
    this.#silence = growingPause(2 * parts.silenceMs, HOUR);
  }

  /** The session in use is this one from now on. */
  watch(link: SessionLink): void {
    this.unwatch();
    const { rotateAfterMs, random } = this.#parts;
    const openedAt = this.#exchangeNow() - link.ageMs;
    this.#rotateAfter(link, rotationAgeMs(rotateAfterMs, random(), openedAt) - link.ageMs);
  }

  unwatch(): void {
    this.#rotation?.unsubscribe();
  }

  stop(): void {
    this.unwatch();
    this.#cancelRefresh();
  }

  /** One fresh session after `silenceMs`, then ever longer pauses; data ends the silence. */
  checkSilence(link: SessionLink): void {
    if (link.silentMs < this.#parts.silenceMs) {
      if (link.dataFrames > 0) this.#silence.reset();
      return;
    }
    const now = this.#parts.scheduler.now();
    if (this.#silence.waitMs(now) === 0 && this.#replacement.request('silent')) this.#silence.take(now);
  }

  /** A series is silent: a fresh session at once, or when the pause since the last one is over. */
  refresh(topic: Topic): void {
    const { scheduler } = this.#parts;
    this.#silentTopics.add(topic);
    this.#refreshTimer ??= after(scheduler, this.#refreshes.waitMs(scheduler.now()), () => {
      this.#refreshTimer = undefined;
      if (this.#silentTopics.size === 0) return;
      if (this.#replacement.request('silent series')) this.#refreshes.take(scheduler.now());
    });
  }

  onClosed(topic: Topic): void {
    if (this.#silentTopics.size === 0 || !this.#silentTopics.delete(topic)) return;
    this.#refreshes.reset();
    if (this.#silentTopics.size === 0) this.#cancelRefresh();
  }

  forget(topic: Topic): void {
    this.#silentTopics.delete(topic);
  }

  #cancelRefresh(): void {
    this.#refreshTimer?.unsubscribe();
    this.#refreshTimer = undefined;
  }

  #rotateAfter(link: SessionLink, delayMs: number): void {
    this.#rotation = after(this.#parts.scheduler, delayMs, () => {
      this.#rotate(link);
    });
  }

  #exchangeNow(): number {
    return this.#parts.exchangeNow?.() ?? this.#parts.scheduler.now();
  }

  /** What was quiet by the clock as known when the session opened need not be: the clock may have been learnt since. */
  #rotate(link: SessionLink): void {
    const waitMs = rotationWaitMs(this.#parts.rotateAfterMs, this.#exchangeNow());
    if (waitMs > 0) this.#rotateAfter(link, waitMs);
    else this.#rotateNow(link);
  }

  /** Asks again until the session is replaced: others may be rotating, or another replacement may come to nothing. */
  #rotateNow(link: SessionLink): void {
    const { rotateAfterMs, counters, random } = this.#parts;
    const isLate = link.ageMs >= LATE * rotateAfterMs;
    if (isLate || counters.replacements < ROTATIONS_AT_ONCE) this.#replacement.request('rotation');
    this.#rotateAfter(link, Math.min(LONGEST_RECHECK_MS, rotateAfterMs / 50) * (0.5 + random() / 2));
  }
}
