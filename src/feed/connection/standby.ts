import type { Subscription } from 'rxjs';
import { calculateBackoff, type ReconnectPolicy } from '../../core/backoff.ts';
import type { DisconnectReason, FeedEvent, WithoutVenue } from '../../core/events.ts';
import { SessionError } from '../../ports/session.ts';
import { after, every } from '../after.ts';
import type { ConnectRateLimiter } from './connect-rate-limiter.ts';
import { Overlap } from './overlap.ts';
import type { RotatingSession, RotationContext } from './rotation-policy.ts';

const CHECK_MS = 250;
/** A standby that stays silent while the active session delivers is tried again no sooner, ms. */
const SILENT_PAUSE_MS = 60_000;
/** A session that has lived so long counts as a success, ms. */
const STEADY_MS = 60_000;
/** Reasons for which a session that still delivers is replaced; these attempts leave part of the budget to recovery. */
const PLANNED: readonly DisconnectReason[] = ['rotation', 'server shutdown'];

/** A session as a handover sees it. */
export interface StandbySession extends RotatingSession {
  readonly isOpen: boolean;
  readonly allAcknowledged: boolean;
  /** Why it is ended from our side, for whoever publishes it. */
  endReason: DisconnectReason;
  endDetail: string | undefined;
}

/** A session and our subscription to it. */
export interface RunningSession<S> {
  readonly session: S;
  readonly subscription: Subscription;
}

export interface StandbyContext extends RotationContext {
  readonly reconnect: ReconnectPolicy;
  readonly connects: ConnectRateLimiter;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
  readonly url: string;
}

/** The line of sessions that a standby belongs to. */
export interface StandbyHost<S> {
  /** The session that is to be replaced; undefined when there is none. */
  readonly active: () => S | undefined;
  /** Opens a session; `place` is called before its first message. */
  readonly begin: (place: (running: RunningSession<S>) => void) => void;
  /** The standby is proved: it becomes the active session. */
  readonly takeOver: (standby: RunningSession<S>, reason: DisconnectReason) => void;
  readonly changed: () => void;
}

/** The session that is to take the place of the active one: opened, watched, and tried again while it fails. */
export class Standby<S extends StandbySession> {
  readonly #context: StandbyContext;
  readonly #host: StandbyHost<S>;
  #running: RunningSession<S> | undefined;
  #underWay = false;
  #reason: DisconnectReason = 'rotation';
  #timer: Subscription | undefined;
  #checks: Subscription | undefined;
  /** Sessions opened since one last proved steady. */
  #tries = 0;
  #overlap = new Overlap();

  constructor(context: StandbyContext, host: StandbyHost<S>) {
    this.#context = context;
    this.#host = host;
  }

  get running(): RunningSession<S> | undefined {
    return this.#running;
  }

  /** False if a standby exists already, or there is nothing to replace. A failure takes over a planned rotation. */
  request(reason: DisconnectReason): boolean {
    const active = this.#host.active();
    if (active === undefined || (this.#underWay && !this.#comesBefore(reason))) return false;
    this.#finish();
    this.#underWay = true;
    this.#context.counters.handovers++;
    if (active.ageMs >= STEADY_MS) this.#tries = 0;
    this.#reason = reason;
    this.#startAfter(this.#pauseMs(), reason);
    return true;
  }

  /** The standby has ended before its time, or was given up. */
  fail({ reason, message, retryAfterMs = 0 }: SessionError, leastPauseMs = 0): void {
    const { connects, scheduler } = this.#context;
    this.#forget();
    this.#host.changed();
    if (retryAfterMs > 0) connects.holdUntil(scheduler.now() + retryAfterMs);
    this.#startAfter(Math.max(this.#pauseMs(), retryAfterMs, leastPauseMs), reason, message);
  }

  /** The active session is gone: hands over the standby, if there is one, and stops. */
  release(): RunningSession<S> | undefined {
    const running = this.#running;
    this.#finish();
    return running;
  }

  #comesBefore(reason: DisconnectReason): boolean {
    return this.#reason === 'rotation' && reason !== 'rotation' && this.#running === undefined;
  }

  #pauseMs(): number {
    return this.#tries === 0 ? 0 : calculateBackoff(this.#context.reconnect, this.#tries, this.#context.random);
  }

  /** Planned rotations are not published. */
  #startAfter(delayMs: number, reason: DisconnectReason, detail?: string): void {
    const attempt = this.#tries + 1;
    if (reason !== 'rotation') {
      const event = { type: 'RECONNECTING', url: this.#context.url, attempt, delayMs, reason } as const;
      this.#context.publish(detail === undefined ? event : { ...event, detail });
    }
    this.#openAfter(delayMs);
  }

  #openAfter(delayMs: number): void {
    this.#timer = after(this.#context.scheduler, delayMs, () => {
      this.#open();
    });
  }

  #open(): void {
    const { connects, scheduler } = this.#context;
    if (this.#isDeliveringAgain()) {
      this.#finish();
      return;
    }
    const wait = connects.waitMs(scheduler.now(), PLANNED.includes(this.#reason));
    if (wait > 0) {
      this.#openAfter(wait);
      return;
    }
    connects.take(scheduler.now());
    this.#tries++;
    this.#checks = every(scheduler, CHECK_MS, () => {
      this.#check();
    });
    this.#host.begin((running) => {
      this.#running = running;
    });
  }

  /** A silent session that is delivering again needs no replacement any more. */
  #isDeliveringAgain(): boolean {
    const silentMs = this.#host.active()?.silentMs ?? Infinity;
    return this.#reason === 'silent' && silentMs < this.#context.silenceMs;
  }

  #check(): void {
    const active = this.#host.active();
    const running = this.#running;
    if (running === undefined || active === undefined) return;
    const verdict = this.#overlap.judge({
      now: this.#context.scheduler.now(),
      oldFrames: active.dataFrames,
      newFrames: running.session.dataFrames,
      acknowledged: running.session.allAcknowledged,
    });
    if (verdict === 'take over') this.#takeOver(running);
    else if (verdict === 'give up') this.#giveUpSilent(running);
  }

  #giveUpSilent({ session, subscription }: RunningSession<S>): void {
    session.endReason = 'silent';
    subscription.unsubscribe();
    const detail = 'the new connection delivers no data while the old one does';
    this.fail(new SessionError('ended', detail, { reason: 'silent' }), SILENT_PAUSE_MS);
  }

  /** After a shutdown notice the next session may get one too: only time shows that it was a success. */
  #takeOver(running: RunningSession<S>): void {
    this.#finish();
    if (this.#reason !== 'server shutdown') this.#tries = 0;
    this.#host.takeOver(running, this.#reason);
  }

  #finish(): void {
    this.#forget();
    this.#timer?.unsubscribe();
    if (this.#underWay) this.#context.counters.handovers--;
    this.#underWay = false;
  }

  #forget(): void {
    this.#running = undefined;
    this.#overlap = new Overlap();
    this.#checks?.unsubscribe();
  }
}
