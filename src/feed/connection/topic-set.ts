import { Subject, type Observable } from 'rxjs';
import type { Topic } from '../../ports/stream-protocol.ts';

/** The topics of one connection, with a signal on every change. */
export class TopicSet {
  readonly #topics = new Set<Topic>();
  readonly #changed$ = new Subject<void>();
  readonly changed$: Observable<void> = this.#changed$.asObservable();
  /** Length of all names together. */
  chars = 0;
  /** Whether updates of running candles are wanted of any of them. */
  wantsRunning = false;

  get size(): number {
    return this.#topics.size;
  }

  has(topic: Topic): boolean {
    return this.#topics.has(topic);
  }

  keys(): Iterable<Topic> {
    return this.#topics.keys();
  }

  add(topic: Topic): void {
    this.#topics.add(topic);
    this.chars += topic.length;
    this.#changed$.next();
  }

  delete(topic: Topic): void {
    if (!this.#topics.delete(topic)) return;
    this.chars -= topic.length;
    this.#changed$.next();
  }

  clear(): void {
    this.#topics.clear();
    this.chars = 0;
  }
}
