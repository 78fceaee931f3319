import { Subject, type Observable } from 'rxjs';
import type { EventOf, EventType, FeedEvent } from '../core/events.ts';

/**
 * Where a feed tells what happens: values only, never an error, never an end.
 *
 * Every subscriber sees all events in the order of their publication. An event published by a handler that is being
 * notified waits until the present one has reached everybody. A handler that throws is reported by RxJS, as an
 * uncaught error, and harms no other subscriber.
 */
export class EventBus {
  readonly #all$ = new Subject<FeedEvent>();
  readonly #byType = new Map<EventType, Subject<FeedEvent>>();
  readonly #waiting: FeedEvent[] = [];
  #isDelivering = false;

  /**
   * Every event.
   *
   * Emits:     each event published while subscribed, in order.
   * Errors:    never.
   * Completes: never.
   */
  readonly events$: Observable<FeedEvent> = this.#all$.asObservable();

  /** The events of one type; otherwise as `events$`. Each listener costs only the events of its own type. */
  on<T extends EventType>(type: T): Observable<EventOf<T>> {
    const typed$ = this.#byType.get(type) ?? new Subject<FeedEvent>();
    this.#byType.set(type, typed$);
    return typed$.asObservable() as unknown as Observable<EventOf<T>>;
  }

  /** Tells everybody who listens; nothing is kept for those who come later. */
  publish(event: FeedEvent): void {
    if (!this.#isHeard(event)) return;
    this.#waiting.push(event);
    if (!this.#isDelivering) this.#deliverAll();
  }

  #isHeard(event: FeedEvent): boolean {
    return this.#all$.observed || this.#byType.get(event.type)?.observed === true;
  }

  /** The array grows while handlers publish; the iterator sees what is added behind it. */
  #deliverAll(): void {
    this.#isDelivering = true;
    try {
      for (const event of this.#waiting) {
        this.#all$.next(event);
        this.#byType.get(event.type)?.next(event);
      }
    } finally {
      this.#waiting.length = 0;
      this.#isDelivering = false;
    }
  }
}
