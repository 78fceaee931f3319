import {
  concatMap,
  defer,
  dematerialize,
  finalize,
  materialize,
  tap,
  withLatestFrom,
  type ObservableNotification,
  type OperatorFunction,
} from 'rxjs';
import type { Candle, EpochMs } from '../core/candle.ts';
import type { CandleLog, LogStatus } from '../ports/candle-log.ts';
import type { Arrival, FeedAgainReason, FeedingCounts } from './counts/feeding-counts.ts';

/** A candle that the log has: stored by this program, or by another that was faster. */
export interface Fed {
  readonly candle: Candle;
  readonly outcome: 'stored' | 'already';
}

/** The candles that come are not what the log needs next: subscribe to them again, from its end on. */
export class FeedAgain extends Error {
  override readonly name = 'FeedAgain';
  readonly reason: FeedAgainReason;

  constructor(reason: FeedAgainReason) {
    super(`the log: ${reason}`);
    this.reason = reason;
  }
}

export interface AppendOptions {
  /** Open time of the last candle stored, ms UTC. */
  readonly after: EpochMs | undefined;
  /** Most candles that wait while the log is away. */
  readonly maxWaiting: number;
  readonly counts: FeedingCounts;
}

/** After so many candles in a row that others had stored, it is looked whether they are that far ahead. */
const FAR = 10;

/**
 * Stores candles of one series one after the other, each behind the one before it.
 *
 * Errors: FeedAgain where the log ends elsewhere, has gone far ahead, or is away while too many wait; as `log.append`; as the
 *         candles do, once what came before is stored.
 */
export function appendInOrder(log: CandleLog, options: AppendOptions): OperatorFunction<Candle, Fed> {
  return (candles$) =>
    defer(() => {
      const queue = new AppendQueue(log, options);
      return candles$.pipe(
        // The end, too, waits behind what came before it.
        materialize(),
        withLatestFrom(log.status$),
        tap(([notice, status]) => {
          if (notice.kind === 'N') queue.admit(notice.value, status);
        }),
        concatMap(async ([notice]) => (notice.kind === 'N' ? nextNotice(await queue.append(notice.value)) : notice)),
        dematerialize(),
        finalize(() => {
          queue.drop();
        }),
      );
    });
}

function nextNotice(value: Fed): ObservableNotification<Fed> {
  return { kind: 'N', value };
}

class AppendQueue {
  readonly #log: CandleLog;
  readonly #maxWaiting: number;
  readonly #counts: FeedingCounts;
  readonly #waiting: Arrival[] = [];
  #after: EpochMs | undefined;
  /** Candles in a row that others had stored. */
  #already = 0;

  constructor(log: CandleLog, { after, maxWaiting, counts }: AppendOptions) {
    this.#log = log;
    this.#after = after;
    this.#maxWaiting = maxWaiting;
    this.#counts = counts;
  }

  admit(candle: Candle, { state }: LogStatus): void {
    this.#waiting.push(this.#counts.arrive(candle));
    if (state !== 'connected' && this.#waiting.length > this.#maxWaiting) throw new FeedAgain('away');
  }

  async append(candle: Candle): Promise<Fed> {
    const outcome = await this.#log.append(candle, this.#after);
    if (typeof outcome === 'object') throw new FeedAgain('ends elsewhere');
    this.#settleFirst(outcome);
    this.#after = candle.timestamp;
    this.#already = outcome === 'already' ? this.#already + 1 : 0;
    if (this.#already % FAR === FAR - 1 && isFarBehind(candle, await this.#log.tail(candle)))
      throw new FeedAgain('far behind');
    return { candle, outcome };
  }

  /** What still waits is read again. */
  drop(): void {
    this.#counts.drop(this.#waiting);
  }

  #settleFirst(outcome: Fed['outcome']): void {
    const arrival = this.#waiting.shift();
    if (arrival !== undefined) this.#counts.settle(arrival, outcome);
  }
}

/** Whether a program that stores this candle now has stood still while others went on. */
export function isFarBehind({ timestamp, closeTime }: Candle, tail: Candle | undefined): boolean {
  return tail !== undefined && tail.timestamp - timestamp >= FAR * (closeTime + 1 - timestamp);
}
