import type { SchedulerLike, Subscription } from 'rxjs';
import type { Topic } from '../../ports/stream-protocol.ts';
import { after } from '../after.ts';

/** A refused topic is asked for again after this, then after twice as long each time, at most after that, ms. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 1_800_000;

export interface RefusedTopicsOptions {
  readonly scheduler: SchedulerLike;
  /** It is time to ask for these again. */
  readonly onDue: (topics: readonly Topic[]) => void;
}

interface Refusal {
  /** In a row. */
  readonly times: number;
  /** Local time; Infinity once it is asked for again. */
  readonly dueAt: number;
}

/** Topics that the venue refused individually, until it acknowledges them or they are no longer wanted. */
export class RefusedTopics {
  readonly #options: RefusedTopicsOptions;
  readonly #refusals = new Map<Topic, Refusal>();
  #timer: Subscription | undefined;

  constructor(options: RefusedTopicsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#refusals.size;
  }

  has(topic: Topic): boolean {
    return this.#refusals.has(topic);
  }

  add(topics: readonly Topic[]): void {
    const now = this.#options.scheduler.now();
    for (const topic of topics) {
      const times = (this.#refusals.get(topic)?.times ?? 0) + 1;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (times - 1));
      this.#refusals.set(topic, { times, dueAt: now + pauseMs });
    }
    this.#arm();
  }

  delete(topic: Topic): void {
    this.#refusals.delete(topic);
  }

  stop(): void {
    this.#timer?.unsubscribe();
  }

  #arm(): void {
    this.#timer?.unsubscribe();
    const dueAt = Math.min(...[...this.#refusals.values()].map((refusal) => refusal.dueAt));
    if (!Number.isFinite(dueAt)) return;
    const { scheduler } = this.#options;
    this.#timer = after(scheduler, Math.max(0, dueAt - scheduler.now()), () => {
      this.#takeDue();
    });
  }

  #takeDue(): void {
    const { scheduler, onDue } = this.#options;
    const due = [...this.#refusals].filter(([, { dueAt }]) => dueAt <= scheduler.now());
    for (const [topic, { times }] of due) this.#refusals.set(topic, { times, dueAt: Infinity });
    onDue(due.map(([topic]) => topic));
    this.#arm();
  }
}
