/** How lines of one kind are written. */
export interface Lines<E> {
  one(event: E): void;
  /** `events` are those that had no line of their own; at least one. */
  many(events: readonly E[]): void;
}

const LINES_AT_ONCE = 5;
const FIRST_WINDOW_MS = 200;
const NEXT_WINDOW_MS = 1000;

/**
 * Keeps a crowd of like events from becoming a crowd of lines: the first 5 within 200 ms have a line each, the rest
 * share one; while more keep coming, one line a second.
 */
export class Summing<E> {
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

  /** Writes what is held back, and ends the timer. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = 0;
    this.#writeHeld();
  }

  /** The timer keeps no process alive: what it would write is of no more use then. */
  #open(windowMs: number): void {
    this.#timer = setTimeout(() => this.#end(), windowMs).unref();
  }

  /** A window in which something was held back is followed by one in which everything is. */
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
