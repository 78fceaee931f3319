import type { SchedulerLike, Subscription } from 'rxjs';
import type { DisconnectReason } from '../../core/events.ts';
import { cooldown } from '../../core/cooldown.ts';
import { rotationAgeMs, rotationWaitMs } from '../../core/rotation.ts';
import type { SeriesKey, StreamProtocol, Topic } from '../../ports/stream-protocol.ts';
import { after } from '../after.ts';
import type { StreamCounters } from './stream-counters.ts';

const HOUR = 3_600_000;
/** Pause after the first session that was replaced for a silent series, ms. */
const REFRESH_PAUSE_MS = 60_000;
/** Planned handovers at one time, over all connections. */
const ROTATIONS_AT_ONCE = 3;
/** Past this share of `rotateAfterMs` a session no longer waits for others to rotate. */
const LATE = 0.97;
const LONGEST_RECHECK_MS = 15_000;

export interface RotationContext {
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  readonly silenceMs: number;
  readonly rotateAfterMs: number;
  readonly counters: StreamCounters;
  readonly exchangeNow?: () => number;
  readonly mayRotate?: () => boolean;
  readonly protocol: Pick<StreamProtocol, 'topicOf'>;
}

/** What the policy observes. */
export interface RotatingSession {
  readonly ageMs: number;
  readonly silentMs: number;
  readonly dataFrames: number;
}

/** When to replace a working session: because of its age, its silence, or that of one series. */
export class RotationPolicy {
  readonly #context: RotationContext;
  /** Asks for a handover; false when there is one already, or nothing to replace. */
  readonly #request: (reason: DisconnectReason) => boolean;
  readonly #silence;
  readonly #refreshes = cooldown(REFRESH_PAUSE_MS, HOUR);
  /** Topics said to be silent, that have not closed a candle since. */
  readonly #silentTopics = new Set<Topic>();
  #refreshTimer: Subscription | undefined;
  #rotation: Subscription | undefined;

  constructor(context: RotationContext, request: (reason: DisconnectReason) => boolean) {
    this.#context = context;
    this.#request = request;
    this.#silence = cooldown(2 * context.silenceMs, HOUR);
  }

  /** The active session is this one from now on. */
  watch(session: RotatingSession): void {
    this.unwatch();
    const { rotateAfterMs, random } = this.#context;
    const openedAt = this.#exchangeNow() - session.ageMs;
    this.#rotateAfter(session, rotationAgeMs(rotateAfterMs, random(), openedAt) - session.ageMs);
  }

  unwatch(): void {
    this.#rotation?.unsubscribe();
  }

  stop(): void {
    this.unwatch();
    this.#cancelRefresh();
  }

  /** One fresh session after `silenceMs`, then with a growing cooldown; data ends the silence. */
  checkSilence(session: RotatingSession): void {
    if (session.silentMs < this.#context.silenceMs) {
      if (session.dataFrames > 0) this.#silence.reset();
      return;
    }
    const now = this.#context.scheduler.now();
    if (this.#silence.waitMs(now) === 0 && this.#request('silent')) this.#silence.take(now);
  }

  /** A series is silent: a fresh session at once, or after the cooldown. */
  refresh(topic: Topic): void {
    const { scheduler } = this.#context;
    this.#silentTopics.add(topic);
    this.#refreshTimer ??= after(scheduler, this.#refreshes.waitMs(scheduler.now()), () => {
      this.#refreshTimer = undefined;
      if (this.#silentTopics.size === 0) return;
      if (this.#request('silent series')) this.#refreshes.take(scheduler.now());
    });
  }

  onClosed(series: SeriesKey): void {
    if (this.#silentTopics.size === 0 || !this.#silentTopics.delete(this.#context.protocol.topicOf(series))) return;
    this.#refreshes.reset();
    if (this.#silentTopics.size === 0) this.#cancelRefresh();
  }

  /** Silent topics that are no longer wanted do not count. */
  keepOnly(wanted: { has(topic: Topic): boolean }): void {
    for (const topic of this.#silentTopics) if (!wanted.has(topic)) this.#silentTopics.delete(topic);
  }

  #cancelRefresh(): void {
    this.#refreshTimer?.unsubscribe();
    this.#refreshTimer = undefined;
  }

  #rotateAfter(session: RotatingSession, delayMs: number): void {
    this.#rotation = after(this.#context.scheduler, delayMs, () => {
      this.#rotate(session);
    });
  }

  #mayRotate(): boolean {
    const { counters, mayRotate } = this.#context;
    return counters.handovers < ROTATIONS_AT_ONCE && mayRotate?.() !== false;
  }

  #exchangeNow(): number {
    return this.#context.exchangeNow?.() ?? this.#context.scheduler.now();
  }

  /** What was quiet by the clock as known when the session opened need not be: the clock may have been learnt since. */
  #rotate(session: RotatingSession): void {
    const waitMs = rotationWaitMs(this.#context.rotateAfterMs, this.#exchangeNow());
    if (waitMs > 0) this.#rotateAfter(session, waitMs);
    else this.#rotateNow(session);
  }

  /** Asks again until the session is replaced: others may be rotating, or another handover may come to nothing. */
  #rotateNow(session: RotatingSession): void {
    const { rotateAfterMs, random } = this.#context;
    if (session.ageMs >= LATE * rotateAfterMs || this.#mayRotate()) this.#request('rotation');
    this.#rotateAfter(session, Math.min(LONGEST_RECHECK_MS, rotateAfterMs / 50) * (0.5 + random() / 2));
  }
}
