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
  #reason = 'connecting to the log';

  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
  }

  see(status: LogStatus): void {
    const { state } = status;
    this.connections = state === 'connected' ? 1 : 0;
    if (state === 'waiting') {
      this.failures += 1;
      this.#reason = `the log cannot be reached: ${status.reason}`;
    }
    if (state === 'waiting' || state === 'connecting') this.#awaySince ??= this.#scheduler.now();
    else this.#arrive();
  }

  /** Undefined while it can be reached, and where nobody wants to. */
  get away(): Away | undefined {
    const since = this.#awaySince;
    return since === undefined ? undefined : { forMs: this.#scheduler.now() - since, reason: this.#reason };
  }

  #arrive(): void {
    if (this.connections === 1 && this.#wasConnected && this.#awaySince !== undefined) this.reconnects += 1;
    this.#wasConnected ||= this.connections === 1;
    this.#awaySince = undefined;
  }
}
