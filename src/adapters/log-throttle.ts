/** How lines of one kind are written. */
export interface Lines<E> {
  one(event: E): void;
  /** Summary of the events that got no line of their own; at least one. */
  many(events: readonly E[]): void;
}

const LINES_AT_ONCE = 5;
const FIRST_WINDOW_MS = 200;
const NEXT_WINDOW_MS = 1000;

/**
 * Limits a burst of similar events to few lines: the first 5 within 200 ms get a line each, the rest share one; while
 * the burst lasts, one line per second.
 */
export class LogThrottle<E> {
  readonly #lines: Lines<E>;
  #written = 0;
  #held: E[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(lines: Lines<E>) {
    this.#lines = lines;
  }

  add(event: E): void {
    if (this.#timer === undefined) this.#open(FIRST_WINDOW_MS);
    if (this.#written >= LINES_AT_ONCE) {
      this.#held.push(event);
      return;
    }
    this.#written++;
    this.#lines.one(event);
  }

  /** Writes held events and stops the timer. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = 0;
    this.#writeHeld();
  }

  /** The timer does not keep the process alive. */
  #open(windowMs: number): void {
    this.#timer = setTimeout(() => this.#end(), windowMs).unref();
  }

  /** After a window with held events comes one in which all events are held. */
  #end(): void {
    if (this.#held.length === 0) {
      this.flush();
      return;
    }
    this.#writeHeld();
    this.#open(NEXT_WINDOW_MS);
  }

  #writeHeld(): void {
    const held = this.#held;
    this.#held = [];
    if (held.length === 1) held.forEach((event) => this.#lines.one(event));
    else if (held.length > 1) this.#lines.many(held);
  }
}
