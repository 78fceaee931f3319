import type { SchedulerLike } from 'rxjs';
import type { LogStatus } from '../../ports/candle-log.ts';

/** How long the log could not be reached, ms, and why, for people. */
export interface Away {
  readonly forMs: number;
  readonly reason: string;
}

/** The way to a log. */
export class LinkCounts {
  /** 1 while the log can be reached. */
  connections = 0;
  /** Attempts that failed. */
  failures = 0;
  /** Times that it was reached again. */
  reconnects = 0;
  readonly #scheduler: SchedulerLike;
  #wasConnected = false;
  #awaySince: number | undefined;
  /** The last one in a row that failed; everything that waits for the log tells of it. */
  #attempt = 0;
  #reason = 'connecting to the log';

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
  }

  see(status: LogStatus): void {
    const { state } = status;
    this.connections = state === 'connected' ? 1 : 0;
    if (state === 'waiting') this.#fail(status);
    if (state === 'waiting' || state === 'connecting') this.#awaySince ??= this.#scheduler.now();
    else this.#arrive();
  }

  /** Undefined while it can be reached, and where nobody wants to. */
  get away(): Away | undefined {
    const since = this.#awaySince;
    return since === undefined ? undefined : { forMs: this.#scheduler.now() - since, reason: this.#reason };
  }

  /** What ends a connection is no attempt to reach the log. */
  #fail({ attempt, reason }: Extract<LogStatus, { state: 'waiting' }>): void {
    if (this.#awaySince !== undefined && attempt > this.#attempt) this.failures += 1;
    this.#attempt = Math.max(this.#attempt, attempt);
    this.#reason = `the log cannot be reached: ${reason}`;
  }

  #arrive(): void {
    this.#attempt = 0;
    if (this.connections === 1 && this.#wasConnected && this.#awaySince !== undefined) this.reconnects += 1;
    this.#wasConnected ||= this.connections === 1;
    this.#awaySince = undefined;
  }
}
