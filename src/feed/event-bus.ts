import { Observable, throwError, type Subscriber } from 'rxjs';
import type { EventOf, EventType, FeedEvent } from '../core/events.ts';
import type { Interval } from '../core/interval.ts';

/**
 * The events of a feed: values only, never an error or a completion.
 *
 * Every subscriber sees all events in the order of their publication. An event published by a handler that is being
 * notified waits until the current one has reached every subscriber. A handler that throws is reported by RxJS, as an
 * uncaught error, and affects no other subscriber.
 *
 * @typeParam I - intervals of the candles on it: the exchange's, unless one publishes others with `publishTo`
 */
export class EventBus<I extends string = Interval> {
  readonly #all = new Listeners<FeedEvent<I>>();
  readonly #byType = new Map<EventType, Listeners<FeedEvent<I>>>();
  readonly #waiting: FeedEvent<I>[] = [];
  #isDelivering = false;

  /**
   * Every event.
   *
   * Emits:     each event published while subscribed, in order.
   * Errors:    never.
   * Completes: never.
   */
  readonly events$: Observable<FeedEvent<I>> = this.#all.events$;

  /** The events of one type; otherwise as `events$`. Each listener costs only the events of its own type. */
  on<T extends EventType>(type: T): Observable<EventOf<T, I>> {
    const typed = this.#byType.get(type) ?? new Listeners<FeedEvent<I>>();
    this.#byType.set(type, typed);
    return typed.events$ as unknown as Observable<EventOf<T, I>>;
  }

  /** Delivers an event to all current subscribers; nothing is replayed. */
  publish(event: FeedEvent<I>): void {
    if (!this.#isHeard(event)) return;
    this.#waiting.push(event);
    if (!this.#isDelivering) this.#deliverAll();
  }

  #isHeard(event: FeedEvent<I>): boolean {
    return this.#all.any || this.#byType.get(event.type)?.any === true;
  }

  /** Handlers may publish meanwhile: the loop also sees events that are appended. */
  #deliverAll(): void {
    this.#isDelivering = true;
    for (const event of this.#waiting) {
      this.#all.tell(event);
      this.#byType.get(event.type)?.tell(event);
    }
    this.#waiting.length = 0;
    this.#isDelivering = false;
  }
}

/** Not a Subject, which stops in the middle when a listener's operator and its `finalize` both throw. */
class Listeners<E> {
  readonly #all = new Set<Subscriber<E>>();
  /** Recipients of the next event; undefined after a subscribe or unsubscribe. */
  #told: readonly Subscriber<E>[] | undefined;

  readonly events$ = new Observable<E>((subscriber) => {
    this.#all.add(subscriber);
    this.#told = undefined;
    return () => {
      this.#all.delete(subscriber);
      this.#told = undefined;
    };
  });

  get any(): boolean {
    return this.#all.size > 0;
  }

  tell(event: E): void {
    this.#told ??= [...this.#all];
    for (const subscriber of this.#told) {
      try {
        subscriber.next(event);
      } catch (error) {
        // Reported as RxJS reports what handlers throw.
        throwError(() => error as Error).subscribe();
      }
    }
  }
}
