import type { EpochMs } from '../../core/candle.ts';

/** What a heap keeps in each of its items. */
export interface HeapItem {
  /** The time it is queued for; Infinity for none. */
  queuedFor: EpochMs;
  /** Its index in the heap; -1 for none. */
  place: number;
}

/** A binary heap by time, the earliest first. Each item knows its place, so that it can move and leave. */
export class TimerHeap<T extends HeapItem> {
  readonly #all: T[] = [];

  get first(): T | undefined {
    return this.#all[0];
  }

  /** Queues an item, or moves it to an earlier time. */
  put(item: T, time: EpochMs): void {
    item.queuedFor = time;
    if (item.place < 0) item.place = this.#all.push(item) - 1;
    this.#rise(item);
  }

  delete(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.queuedFor = Infinity;
    item.place = -1;
    const last = this.#all.pop();
    if (last === undefined || last === item) return;
    this.#set(place, last);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(item: T): void {
    for (;;) {
      const parent = this.#all[(item.place - 1) >> 1];
      if (parent === undefined || parent.queuedFor <= item.queuedFor) return;
      this.#swap(parent, item);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const child = this.#earlierOf(2 * item.place + 1, 2 * item.place + 2);
      if (child === undefined || item.queuedFor <= child.queuedFor) return;
      this.#swap(item, child);
    }
  }

  #earlierOf(left: number, right: number): T | undefined {
    const [a, b] = [this.#all[left], this.#all[right]];
    return a !== undefined && b !== undefined && b.queuedFor < a.queuedFor ? b : a;
  }

  #swap(a: T, b: T): void {
    const { place } = a;
    this.#set(b.place, a);
    this.#set(place, b);
  }

  #set(place: number, item: T): void {
    item.place = place;
    this.#all[place] = item;
  }
}
