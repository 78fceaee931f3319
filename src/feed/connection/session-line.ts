import { Subscription, merge, tap, type Subscriber } from 'rxjs';
import type { DisconnectReason } from '../../core/events.ts';
import { SessionError } from '../../ports/session.ts';
import type { Candidate, HandoverContext, HandoverMessage } from './handover-context.ts';
import { RotationPolicy } from './rotation-policy.ts';
import type { SessionMessage } from './session-message.ts';
import { Standby, type RunningSession, type StandbySession } from './standby.ts';

const HEALTHY = { kind: 'healthy' } as const;

/** The active session, and what becomes of it: what `handover$` runs. */
export class SessionLine<S extends StandbySession> {
  readonly #open: () => Candidate<S>;
  readonly #context: HandoverContext;
  readonly #subscriber: Subscriber<HandoverMessage<S>>;
  readonly #rotation: RotationPolicy;
  readonly #standby: Standby<S>;
  readonly #inputs = new Subscription();
  #active: RunningSession<S> | undefined;

  constructor(open: () => Candidate<S>, context: HandoverContext, subscriber: Subscriber<HandoverMessage<S>>) {
    this.#open = open;
    this.#context = context;
    this.#subscriber = subscriber;
    this.#standby = new Standby(context, {
      active: () => this.#active?.session,
      begin: (place) => {
        this.#begin(place);
      },
      takeOver: (standby, reason) => {
        this.#takeOver(standby, reason);
      },
      changed: () => {
        this.#tellSessions();
      },
    });
    this.#rotation = new RotationPolicy(context, (reason) => this.#standby.request(reason));
  }

  start(): void {
    const { silentTopics$, wanted } = this.#context;
    const refresh$ = silentTopics$.pipe(
      tap((topic) => {
        this.#rotation.refresh(topic);
      }),
    );
    const keepOnly$ = wanted.changed$.pipe(
      tap(() => {
        this.#rotation.keepOnly(wanted);
      }),
    );
    this.#inputs.add(
      merge(refresh$, keepOnly$).subscribe({
        error: (bug: unknown) => {
          this.#subscriber.error(bug);
        },
      }),
    );
    this.#begin((running) => {
      this.#active = running;
    });
  }

  stop(): void {
    this.#rotation.stop();
    this.#inputs.unsubscribe();
    const running = [this.#active, this.#standby.release()];
    this.#active = undefined;
    for (const one of running) one?.subscription.unsubscribe();
  }

  /** @param place - is called before the first message can come */
  #begin(place: (running: RunningSession<S>) => void): void {
    const { session, messages$ } = this.#open();
    const running: RunningSession<S> = { session, subscription: new Subscription() };
    place(running);
    this.#tellSessions();
    const messages = messages$.subscribe({
      next: (message) => {
        if (!running.subscription.closed) this.#hear(running, message);
      },
      error: (error: unknown) => {
        this.#ended(running, error);
      },
    });
    running.subscription.add(messages);
  }

  #hear(running: RunningSession<S>, message: SessionMessage): void {
    switch (message.kind) {
      case 'tick':
        this.#look(running);
        break;
      case 'going away':
        this.#goingAway(running);
        break;
      case 'trouble':
        this.#troubled(running, message);
        break;
      case 'opened':
        if (running === this.#active) this.#rotation.watch(running.session);
        this.#subscriber.next(message);
        break;
      default:
        if (message.kind === 'candle' && message.finality === 'final') this.#rotation.onClosed(message.candle);
        this.#subscriber.next(message);
    }
  }

  #look(running: RunningSession<S>): void {
    if (running !== this.#active) return;
    if (running.session.isOpen) this.#tellHealthy(running.session);
    this.#rotation.checkSilence(running.session);
  }

  /** Silence behind live pings is a quiet market: a session that has outlived `silenceMs` is no failure. */
  #tellHealthy({ ageMs }: S): void {
    if (ageMs >= this.#context.silenceMs) this.#subscriber.next(HEALTHY);
  }

  #goingAway(running: RunningSession<S>): void {
    if (running === this.#active) this.#standby.request('server shutdown');
    else this.#giveUp(running, 'server shutdown', 'the venue closes the new connection too');
  }

  /** A session that delivers is replaced while it goes on; one that does not has nothing to lose. */
  #troubled(
    running: RunningSession<S>,
    { reason, detail }: Extract<SessionMessage, { readonly kind: 'trouble' }>,
  ): void {
    const { dataFrames, silentMs } = running.session;
    const delivers = dataFrames > 0 && silentMs < this.#context.silenceMs;
    if (running === this.#active && delivers) this.#standby.request(reason);
    else this.#giveUp(running, reason, detail);
  }

  #giveUp(running: RunningSession<S>, reason: DisconnectReason, detail: string): void {
    running.session.endReason = reason;
    running.session.endDetail = detail;
    running.subscription.unsubscribe();
    this.#ended(running, new SessionError('ended', detail, { reason }));
  }

  /** What is no end of a session is a bug of ours, which ends the connection. */
  #ended(running: RunningSession<S>, error: unknown): void {
    if (!(error instanceof SessionError)) {
      this.#subscriber.error(error);
      return;
    }
    if (running === this.#active) this.#activeEnded(running.session, error);
    else if (running === this.#standby.running) this.#standby.fail(error);
  }

  #activeEnded(session: S, error: SessionError): void {
    if (error.reason === 'closed by peer') this.#tellHealthy(session);
    this.#rotation.unwatch();
    this.#context.counters.countReconnect(error.reason);
    this.#active = this.#standby.release();
    this.#tellSessions();
    if (this.#active === undefined) this.#subscriber.error(error);
    else if (this.#active.session.isOpen) this.#rotation.watch(this.#active.session);
  }

  #takeOver(standby: RunningSession<S>, reason: DisconnectReason): void {
    const old = this.#active;
    this.#active = standby;
    this.#context.counters.countReconnect(reason);
    this.#rotation.watch(standby.session);
    this.#subscriber.next(HEALTHY);
    if (old !== undefined) {
      old.session.endReason = reason;
      old.subscription.unsubscribe();
    }
    this.#tellSessions();
  }

  #tellSessions(): void {
    const running = [this.#active, this.#standby.running].filter((one) => one !== undefined);
    this.#subscriber.next({ kind: 'sessions', sessions: running.map(({ session }) => session) });
  }
}
