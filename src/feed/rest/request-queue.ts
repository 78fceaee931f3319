import { Observable, Subscription, defer, finalize, map, tap, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Cost } from '../../core/rate-limit.ts';
import { MarketDataError, type Reply, type Usage } from '../../ports/market-data.ts';
import type { RateLimits } from './rate-limits.ts';

export interface RequestQueueOptions {
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  /** Most requests under way. */
  readonly maxInFlight?: number;
}

/** What an answer said. */
export interface Answered<T> {
  readonly value: T;
  readonly usage?: Usage | undefined;
}

/** A request that may have to wait. */
export interface QueuedRequest<T> {
  /** The limits that it counts against. */
  readonly limits: RateLimits;
  readonly cost: Cost;
  /** Lower goes first, then first come, first served. */
  readonly priority: number;
  /** Sends it; subscribed to when its turn comes. */
  readonly send$: () => Observable<Answered<T>>;
}

interface Waiting extends Omit<QueuedRequest<unknown>, 'send$'> {
  /** The place by time of asking. */
  readonly asked: number;
  readonly send: () => void;
  readonly fail: (bug: unknown) => void;
}

/** Requests that wait for the same limits: the first is not overtaken by a cheaper one behind it. */
interface Lane {
  readonly limits: RateLimits;
  readonly names: string;
  /** By priority, then by time of asking. */
  readonly waiting: Waiting[];
}

const MAX_IN_FLIGHT = 6;

/**
 * Requests to one host by all feeds of a process, within its limits.
 * At most six are under way; after 429, 418 or 403 nothing is sent until the pause of their limits is over. A request
 * that hangs occupies one of the six slots until its own deadline, and delays no other.
 *
 * ```text
 * asks      a(bc)--------
 * in flight a-b-c--         (one place: each starts when the one before ends)
 * ```
 *
 * Emits:     one Reply with the local times of sending and receiving, then completes.
 * Errors:    as the request does, at once: retrying is up to the caller.
 * Time:      one timer, only while a request waits for a limit's window or for a pause to end.
 */
export class RequestQueue {
  readonly #scheduler: SchedulerLike;
  readonly #maxInFlight: number;
  readonly #lanes: Lane[] = [];
  #inFlight = 0;
  #asked = 0;
  #wake = Subscription.EMPTY;

  constructor({ scheduler, maxInFlight = MAX_IN_FLIGHT }: RequestQueueOptions) {
    this.#scheduler = scheduler;
    this.#maxInFlight = maxInFlight;
  }

  get counts(): { readonly inFlight: number; readonly queued: number } {
    return { inFlight: this.#inFlight, queued: this.#lanes.reduce((sum, { waiting }) => sum + waiting.length, 0) };
  }

  /** One request per subscription; unsubscribing takes it out of the queue or aborts it. */
  request$<T>(request: QueuedRequest<T>): Observable<Reply<T>> {
    return new Observable((subscriber) => {
      const send = () => this.#send(request, waiting, subscriber);
      const fail = (bug: unknown) => subscriber.error(bug);
      const waiting: Waiting = { ...request, asked: this.#asked++, send, fail };
      this.#enqueue(waiting);
      subscriber.add(() => this.#leave(waiting));
      this.#sendWhatMay();
    });
  }

  #enqueue(waiting: Waiting): void {
    const lane = this.#laneOf(waiting);
    lane.waiting.splice(placeFor(waiting, lane.waiting), 0, waiting);
  }

  #laneOf({ limits, cost }: Pick<Waiting, 'limits' | 'cost'>): Lane {
    const names = Object.keys(cost).sort().join();
    const known = this.#lanes.find((lane) => lane.limits === limits && lane.names === names);
    if (known !== undefined) return known;
    const lane: Lane = { limits, names, waiting: [] };
    this.#lanes.push(lane);
    return lane;
  }

  #leave(waiting: Waiting): void {
    for (const lane of this.#lanes) {
      const index = lane.waiting.indexOf(waiting);
      if (index === -1) continue;
      lane.waiting.splice(index, 1);
      this.#sendWhatMay();
      return;
    }
  }

  /** A bug is passed to all waiting requests, not to the timer or reply that triggered it. */
  #sendWhatMay(): void {
    try {
      this.#trySending();
    } catch (bug) {
      for (const { waiting } of this.#lanes) for (const { fail } of waiting.splice(0)) fail(bug);
    }
  }

  #trySending(): void {
    this.#wake.unsubscribe();
    while (this.#inFlight < this.#maxInFlight) {
      const { lane, waitMs } = this.#nextLane();
      if (lane === undefined) {
        if (waitMs < Infinity) this.#wake = this.#scheduler.schedule(() => this.#sendWhatMay(), waitMs);
        return;
      }
      lane.waiting.shift()?.send();
    }
  }

  /** The lane whose first request goes next, or how long all of them must wait; idle lanes are dropped. */
  #nextLane(): { readonly lane: Lane | undefined; readonly waitMs: number } {
    let [next, waitMs]: [Lane | undefined, number] = [undefined, Infinity];
    for (const lane of [...this.#lanes]) {
      const first = lane.waiting[0];
      const wait = first === undefined ? Infinity : lane.limits.waitFor(first.cost);
      if (first === undefined) this.#lanes.splice(this.#lanes.indexOf(lane), 1);
      else if (wait > 0) waitMs = Math.min(waitMs, wait);
      else if (next?.waiting[0] === undefined || isBefore(first, next.waiting[0])) next = lane;
    }
    return { lane: next, waitMs };
  }

  #send<T>({ limits, cost, send$ }: QueuedRequest<T>, waiting: Waiting, subscriber: Subscriber<Reply<T>>): void {
    const settle = limits.spend(cost);
    const sentAt = this.#scheduler.now();
    this.#inFlight += 1;
    const reply$ = defer(send$).pipe(
      tap({
        next: ({ usage }) => settle(usage),
        error: (error: unknown) => {
          if (!(error instanceof MarketDataError)) return;
          settle(error.usage);
          limits.applyBackoff(error, cost);
        },
      }),
      map(({ value }) => ({ value, sentAt, receivedAt: this.#scheduler.now() })),
      finalize(() => {
        settle(undefined);
        this.#inFlight -= 1;
        this.#sendWhatMay();
      }),
    );
    const answered = reply$.subscribe({
      next: (reply) => subscriber.next(reply),
      // Sent again only through the queue: the exchange may have told another request to wait since this one was sent.
      error: (error: unknown) => (mayBeSentAgain(error) ? this.#enqueue(waiting) : subscriber.error(error)),
      complete: () => subscriber.complete(),
    });
    subscriber.add(answered);
  }
}

function mayBeSentAgain(error: unknown): boolean {
  return error instanceof MarketDataError && error.onStaleSocket;
}

/** Inserts after all requests of the same priority, by binary search. */
function placeFor(one: Waiting, waiting: readonly Waiting[]): number {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiting[middle];
    if (other !== undefined && isBefore(other, one)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.priority === other.priority ? one.asked < other.asked : one.priority < other.priority;
}
