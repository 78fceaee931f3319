import {
  defer,
  finalize,
  retry,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { REST_RETRY, calculateBackoff } from '../core/backoff.ts';
import type { EpochMs } from '../core/candle.ts';
import { TELL_EVERY_MS, type FeedEvent, type Waiting, type WithoutVenue } from '../core/events.ts';
import type { WaitStatus } from '../core/status.ts';
import { MarketDataError } from '../ports/market-data.ts';
import { after } from './after.ts';

/** What a wait is for, and for which series, if any. */
export type WaitName = Pick<Waiting, 'what' | 'symbol' | 'interval'>;

/** Repeats a request until it succeeds. */
export type Patiently = <T>(question$: Observable<T>) => Observable<T>;

/** One wait in progress. */
export interface Wait {
  /** Why it lasts. */
  because(reason: string): void;
  /** Progress: the wait starts over. */
  progress(): void;
  /** The wait ends by itself at this local time, as far as is known. */
  lapseAt(local: number): void;
  readonly isOver: boolean;
  end(): void;
}

export interface WaitsOptions {
  readonly scheduler: SchedulerLike;
  /** ms UTC, as well as it is known. */
  readonly now: () => EpochMs;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
}

const NO_REASON_YET = 'no usable response yet';

/** Everything a feed waits for. Long waits are published on the bus. One timer for all. */
export class Waits {
  readonly #options: WaitsOptions;
  readonly #waits = new Set<RunningWait>();
  #timer: Subscription | undefined;

  constructor(options: WaitsOptions) {
    this.#options = options;
  }

  /** Starts a wait, which its owner ends. */
  begin(name: WaitName): Wait {
    const { scheduler } = this.#options;
    const wait = new RunningWait(name, scheduler, () => {
      this.#waits.delete(wait);
      if (this.#waits.size === 0) this.#disarm();
    });
    this.#waits.add(wait);
    if (this.#timer === undefined) this.#arm();
    return wait;
  }

  /** What has lasted long enough to be told. */
  get overdue(): readonly WaitStatus[] {
    return [...this.#waits].flatMap((wait) => wait.status() ?? []);
  }

  /** Ends all waits. */
  clear(): void {
    for (const wait of [...this.#waits]) wait.end();
  }

  /**
   * Repeats a request until it succeeds, after 1, 2, 4 … 30 s, and publishes long waits.
   *
   * Emits, completes: as the request does.
   * Errors:    with bugs of ours; every failure of a request is retried.
   */
  untilAnswered$<T>(name: WaitName, question$: Observable<T>): Observable<T> {
    const { scheduler } = this.#options;
    return defer(() => {
      const wait = this.begin(name);
      return question$.pipe(
        retry({
          delay: (error: unknown, attempt) => {
            if (!(error instanceof MarketDataError)) return throwError(() => error as Error);
            wait.because(reasonOf(error));
            return timer(calculateBackoff(REST_RETRY, attempt), scheduler);
          },
          resetOnSuccess: true,
        }),
        finalize(() => {
          wait.end();
        }),
      );
    });
  }

  /** The same for requests of one kind for one series. */
  patiently(what: WaitName['what'], { symbol, interval }: Required<Omit<WaitName, 'what'>>): Patiently {
    return (question$) => this.untilAnswered$({ what, symbol, interval }, question$);
  }

  #arm(): void {
    const { scheduler } = this.#options;
    this.#disarm();
    let first = Infinity;
    for (const { tellAt } of this.#waits) first = Math.min(first, tellAt);
    this.#timer = after(scheduler, first - scheduler.now(), () => {
      this.#tell();
    });
  }

  #disarm(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }

  /** Publishing may end waits, and begin others. */
  #tell(): void {
    const { scheduler, now, publish } = this.#options;
    this.#timer = undefined;
    for (const wait of [...this.#waits]) {
      if (wait.hasLapsed) wait.end();
      else if (!wait.isOver && wait.tellAt <= scheduler.now()) publish(wait.told(now()));
    }
    if (this.#waits.size > 0) this.#arm();
  }
}

class RunningWait implements Wait {
  /** Local time at which it is published next. */
  tellAt: number;
  readonly #name: WaitName;
  readonly #scheduler: SchedulerLike;
  readonly #onEnd: () => void;
  #since: number;
  #lapsesAt = Infinity;
  #reason = NO_REASON_YET;
  isOver = false;

  constructor(name: WaitName, scheduler: SchedulerLike, onEnd: () => void) {
    this.#name = name;
    this.#scheduler = scheduler;
    this.#onEnd = onEnd;
    this.#since = scheduler.now();
    this.tellAt = this.#since + TELL_EVERY_MS;
  }

  because(reason: string): void {
    this.#reason = reason;
  }

  progress(): void {
    this.#since = this.#scheduler.now();
    this.tellAt = this.#since + TELL_EVERY_MS;
    this.#reason = NO_REASON_YET;
  }

  lapseAt(local: number): void {
    this.#lapsesAt = local;
  }

  get hasLapsed(): boolean {
    return this.#lapsesAt <= this.#scheduler.now();
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#onEnd();
  }

  /** Undefined while it has not lasted long, and once it is over by itself. */
  status(): WaitStatus | undefined {
    const waitedMs = this.#scheduler.now() - this.#since;
    if (waitedMs < TELL_EVERY_MS || this.hasLapsed) return undefined;
    return { ...this.#name, reason: this.#reason, waitedMs: Math.round(waitedMs) };
  }

  told(now: EpochMs): WithoutVenue<Waiting> {
    const local = this.#scheduler.now();
    const waitedMs = local - this.#since;
    this.tellAt = local + TELL_EVERY_MS;
    return { type: 'WAITING', ...this.#name, reason: this.#reason, since: Math.round(now - waitedMs), waitedMs };
  }
}

/** Why a request failed, as text. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof MarketDataError)) return error instanceof Error ? error.message : String(error);
  return error.message === error.failure ? `REST: ${error.failure}` : `REST: ${error.failure} (${error.message})`;
}
