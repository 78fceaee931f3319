import { VirtualClock } from './virtual-clock.ts';

/** One thing that goes wrong with the local clock. Positive: the machine slept. Negative: the local clock leapt ahead. */
export interface ClockJump {
  /** Local time of it, ms. */
  readonly at: number;
  readonly byMs: number;
}

interface Segment {
  readonly frame: number;
  readonly exchange: number;
  readonly rate: number;
}

interface SimEvent {
  readonly exchange: number;
  readonly order: number;
  readonly work: () => void;
}

/**
 * Two clocks in one virtual time: the feed's monotonic one, and the exchange's, which never goes back.
 * While the machine sleeps the local clock stands still and the exchange goes on; when the local clock leaps ahead, all
 * timers of the time it left out are due at once.
 */
export class SimTime {
  readonly local = new VirtualClock();
  readonly #segments: Segment[];
  readonly #events: SimEvent[] = [];
  readonly #leaps: ClockJump[];
  #order = 0;
  #event: number | undefined;

  /** @param drift - how much faster the exchange's clock runs, as a share: 0.0001 is 100 ppm */
  constructor(startsAt: number, jumps: readonly ClockJump[] = [], drift = 0) {
    this.#segments = [{ frame: 0, exchange: startsAt, rate: 1 + drift }];
    const inOrder = [...jumps].sort((a, b) => a.at - b.at);
    for (const jump of inOrder) this.#add(jump);
    this.#leaps = inOrder.filter(({ byMs }) => byMs < 0);
  }

  /** What the exchange's clock says now. */
  get exchange(): number {
    return this.#event ?? this.exchangeAt(this.local.now());
  }

  exchangeAt(frame: number): number {
    const segment = this.#segments.findLast((one) => one.frame <= frame) ?? this.#first;
    return segment.exchange + (frame - segment.frame) * segment.rate;
  }

  /** Does something `ms` of the exchange's time from now. */
  in(ms: number, work: () => void): void {
    this.at(this.exchange + ms, work);
  }

  /** Does something at a moment of the exchange's time. */
  at(exchange: number, work: () => void): void {
    const event = { exchange, order: this.#order++, work };
    const index = this.#events.findLastIndex((other) => other.exchange <= exchange);
    this.#events.splice(index + 1, 0, event);
  }

  advance(ms: number): void {
    this.advanceTo(this.local.now() + ms);
  }

  /** Both sides act in the order of local time; the feed first where it is the same. */
  advanceTo(frame: number): void {
    for (;;) {
      const action = this.local.actions[0]?.delay ?? Infinity;
      const event = this.#events[0];
      const due = event === undefined ? Infinity : Math.max(this.local.now(), this.#frameOf(event.exchange));
      const leapAt = this.#leaps[0]?.at ?? Infinity;
      if (Math.min(action, due, leapAt) > frame) break;
      this.#passTo(Math.min(action, due, leapAt));
      if (leapAt <= Math.min(action, due)) this.#leap();
      else if (due < action) this.#doFirst();
    }
    this.#passTo(frame);
  }

  #passTo(frame: number): void {
    this.local.advance(Math.max(0, frame - this.local.now()));
  }

  #leap(): void {
    const to = this.local.now() - (this.#leaps.shift()?.byMs ?? 0);
    for (const action of this.local.actions) action.delay = Math.max(action.delay, to);
    this.local.frame = to;
  }

  #doFirst(): void {
    const event = this.#events.shift();
    if (event === undefined) return;
    // What the exchange did while the machine slept reaches it when it wakes.
    this.#event = Math.max(event.exchange, this.exchangeAt(this.local.now()));
    event.work();
    this.#event = undefined;
  }

  get #first(): Segment {
    const [first] = this.#segments;
    if (first === undefined) throw new Error('no time');
    return first;
  }

  #add({ at, byMs }: ClockJump): void {
    const last = this.#segments.at(-1) ?? this.#first;
    const frame = Math.max(at, last.frame);
    const exchange = this.exchangeAt(frame);
    const { rate } = this.#first;
    if (byMs >= 0) this.#segments.push({ frame, exchange: exchange + byMs, rate });
    else this.#segments.push({ frame, exchange, rate: 0 }, { frame: frame - byMs, exchange, rate });
  }

  #frameOf(exchange: number): number {
    for (const [index, segment] of this.#segments.entries()) {
      const end = this.#segments[index + 1]?.frame ?? Infinity;
      if (segment.rate === 0) continue;
      const frame = segment.frame + Math.max(0, exchange - segment.exchange) / segment.rate;
      if (frame < end) return frame;
      const next = this.#segments[index + 1];
      if (next !== undefined && exchange <= next.exchange && next.rate > 0) return next.frame;
    }
    return Infinity;
  }
}
