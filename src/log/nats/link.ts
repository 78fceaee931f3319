import {
  BehaviorSubject,
  defer,
  filter,
  firstValueFrom,
  map,
  of,
  retry,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { calculateBackoff } from '../../core/backoff.ts';
import { LogError } from '../../core/errors.ts';
import { LogInterrupted } from '../../core/log-interrupted.ts';
import type { LogStatus } from '../../ports/candle-log.ts';
import { failureOf, hasNoResponder } from './failure.ts';
import type { NatsSettings } from './options.ts';
import { openSession$, type Session } from './session.ts';

/** Between attempts to reach the server, ms. */
const RETRY = { initialDelayMs: 250, maxDelayMs: 5000, multiplier: 2, jitter: true };

/** One connection after another to the server, from the first use until it is closed. */
export class NatsLink {
  readonly #settings: NatsSettings;
  readonly #scheduler: SchedulerLike;
  readonly #status$ = new BehaviorSubject<LogStatus>({ state: 'idle' });
  readonly status$ = this.#status$.asObservable();
  /** The connection there is; undefined while there is none; why there will be none. */
  readonly #current$ = new BehaviorSubject<Session | LogError | undefined>(undefined);
  #connecting: Subscription | undefined;
  /** Whether there has been a connection, or was told that there is none. */
  #isFirst = true;
  /** Whether the server has done anything for us: then it can, and what it cannot now it will again. */
  #hasWorked = false;

  constructor(settings: NatsSettings, scheduler: SchedulerLike) {
    this.#settings = settings;
    this.#scheduler = scheduler;
  }

  /** The connection; waits until there is one. Rejects with a LogError where there will be none. */
  session(): Promise<Session> {
    this.#connect();
    const session$ = this.#current$.pipe(
      filter((current) => current !== undefined),
      map((current) => {
        if (current instanceof LogError) throw current;
        return current;
      }),
    );
    // eslint-disable-next-line rxjs-x/no-ignored-default-value -- it never completes
    return firstValueFrom(session$);
  }

  /** Does something over a connection until it is done, or will not be by waiting. */
  persist<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const once = async (): Promise<T> => {
      const session = await this.session();
      const done = await work(session);
      this.#hasWorked = true;
      this.#tellConnected(session);
      return done;
    };
    const done$ = defer(once).pipe(retry({ delay: (error, attempt) => this.#pause$(error, attempt) }));
    // eslint-disable-next-line rxjs-x/no-ignored-default-value -- `once` has a result
    return firstValueFrom(done$);
  }

  /** Never emits; errors once this is no more the connection. */
  loss$(session: Session): Observable<never> {
    return this.#current$.pipe(
      filter((current) => current !== session),
      map(() => {
        throw new LogInterrupted('the connection was lost');
      }),
    );
  }

  /** What went wrong, and whether it is worth waiting for. */
  failureOf(error: unknown): LogError | LogInterrupted {
    const { stream } = this.#settings;
    if (this.#hasWorked || !hasNoResponder(error)) return failureOf(error, stream);
    const what = 'the server has no JetStream, or none for this account; start nats-server with -js';
    return new LogError('no JetStream', stream, { what, cause: error });
  }

  async close(): Promise<void> {
    if (this.#isClosed()) return;
    const current = this.#current$.value;
    this.#status$.next({ state: 'closed' });
    this.#status$.complete();
    const what = 'the log is closed; open another with natsLog()';
    this.#current$.next(new LogError('closed', this.#settings.stream, { what }));
    this.#connecting?.unsubscribe();
    if (current !== undefined && !(current instanceof LogError)) await current.connection.closed();
  }

  #connect(): void {
    if (this.#connecting !== undefined || this.#isClosed()) return;
    this.#current$.next(undefined);
    this.#connecting = this.#sessions$().subscribe({
      next: (session) => {
        this.#isFirst = false;
        this.#current$.next(session);
        this.#tellConnected(session);
      },
      error: (error: unknown) => {
        this.#connecting = undefined;
        this.#status$.next({ state: 'idle' });
        this.#current$.next(this.failureOf(error) as LogError);
      },
    });
  }

  #sessions$(): Observable<Session> {
    const pause$ = (error: unknown, attempt: number): Observable<unknown> => {
      this.#current$.next(undefined);
      this.#warnOnce(error);
      return this.#pause$(error, attempt);
    };
    return defer(() => {
      if (this.#status$.value.state === 'idle') this.#status$.next({ state: 'connecting' });
      return openSession$(this.#settings);
    }).pipe(retry({ delay: pause$, resetOnSuccess: true }));
  }

  /** An address that is mistyped is tried for ever: whoever does not look at `status$` should know. */
  #warnOnce(error: unknown): void {
    const failure = this.failureOf(error);
    if (!this.#isFirst || failure instanceof LogError) return;
    this.#isFirst = false;
    const line = `the log cannot be reached (${failure.message}); trying again for as long as somebody waits`;
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors; what a handler throws, RxJS reports
    of(line).subscribe((text) => {
      this.#settings.warn(text);
    });
  }

  /** Waits for the next attempt and says so, or fails with what waiting does not mend. */
  #pause$(error: unknown, attempt: number): Observable<unknown> {
    const failure = this.failureOf(error);
    if (failure instanceof LogError || this.#isClosed()) return throwError(() => failure);
    const delayMs = calculateBackoff(RETRY, attempt);
    this.#status$.next({ state: 'waiting', reason: failure.message, attempt, delayMs });
    return timer(delayMs, this.#scheduler);
  }

  #tellConnected(session: Session): void {
    if (this.#status$.value.state === 'connected' || this.#current$.value !== session) return;
    this.#status$.next({ state: 'connected', server: session.connection.getServer() });
  }

  #isClosed(): boolean {
    return this.#status$.value.state === 'closed';
  }
}
