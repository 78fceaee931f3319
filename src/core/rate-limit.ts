import type { EpochMs } from './candle.ts';

/** One of the limits that a host holds an address to. */
export interface RateLimit {
  /** What a request's cost calls it: `weight`, or a path that is counted on its own. */
  readonly name: string;
  /** How much may be spent in one window. */
  readonly limit: number;
  readonly windowMs: number;
  /**
   * `fixed`: counted from zero at each multiple of the window by the exchange's clock (Binance's minute).
   * `sliding`: no span of this length may hold more.
   */
  readonly window: 'fixed' | 'sliding';
}

/** What a request costs, by limit: `{ weight: 2 }`. A name without a limit costs nothing. */
export type Cost = Readonly<Record<string, number>>;

/** One moment by both clocks: fixed windows are the exchange's, sliding ones are measured on a clock that nobody sets. */
export interface LimitTime {
  readonly exchange: EpochMs;
  readonly steady: number;
}

/** A request that has been sent and is not answered yet. */
export interface Spending {
  readonly amount: number;
  readonly sentAt: LimitTime;
}

/** What is used of one limit. */
export interface RateWindow {
  used(now: LimitTime): number;
  /** How long before `amount` may be spent, ms; 0 for now. What is above the limit waits for an empty window. */
  waitMs(amount: number, limit: number, now: LimitTime): number;
  /** Books a request at the moment it is sent; refused ones cost the same. */
  spend(amount: number, now: LimitTime): Spending;
  /** The request was answered. `told`: what the host says was used in its window, this request included. */
  settle(spending: Spending, told: number | undefined, now: LimitTime): void;
  /** How long until a window that is full now is surely empty, ms. */
  resetMs(now: LimitTime): number;
}

/** Sent this long after a window's start, a request is counted in it although our clock may be a little ahead, ms. */
const CLOCK_DOUBT_MS = 250;

export function rateWindow({ window, windowMs }: Pick<RateLimit, 'window' | 'windowMs'>): RateWindow {
  return window === 'fixed' ? new FixedWindow(windowMs) : new SlidingWindow(windowMs);
}

/**
 * Counted by the exchange from the start of its minute, not over a sliding one (docs/protocol.md, REST).
 * The host's own count stands where it tells one: it knows what a request costs there, and who else shares the address.
 */
class FixedWindow implements RateWindow {
  readonly #windowMs: number;
  #start: EpochMs = 0;
  /** The most that the host said was used in this window. */
  #told = 0;
  /** Of requests whose answers did not tell. */
  #untold = 0;
  /** Of requests without an answer: the host may count them in this window or the next, and has not told of them. */
  #inFlight = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  used({ exchange }: LimitTime): number {
    this.#enter(exchange);
    return this.#told + this.#untold + this.#inFlight;
  }

  waitMs(amount: number, limit: number, now: LimitTime): number {
    const used = this.used(now);
    return used === 0 || used + amount <= limit ? 0 : this.resetMs(now);
  }

  spend(amount: number, now: LimitTime): Spending {
    this.#enter(now.exchange);
    this.#inFlight += amount;
    return { amount, sentAt: now };
  }

  /** A count told to a request that was sent in an earlier window may speak of that window and is not used. */
  settle({ amount, sentAt }: Spending, told: number | undefined, now: LimitTime): void {
    this.#enter(now.exchange);
    this.#inFlight = Math.max(0, this.#inFlight - amount);
    if (told === undefined || this.#startOf(sentAt.exchange) !== this.#start) this.#untold += amount;
    else this.#told = Math.max(this.#told, told);
  }

  resetMs({ exchange }: LimitTime): number {
    return this.#startOf(exchange) + this.#windowMs - exchange + CLOCK_DOUBT_MS;
  }

  /** A new window starts with what is in flight. A clock that was set back frees nothing. */
  #enter(now: EpochMs): void {
    const start = this.#startOf(now);
    if (start > this.#start) [this.#told, this.#untold] = [0, 0];
    this.#start = start;
  }

  #startOf(time: EpochMs): EpochMs {
    return Math.floor(time / this.#windowMs) * this.#windowMs;
  }
}

/** The host counts a request somewhere between sending and answer: it is held from the one until a window after the other. */
class SlidingWindow implements RateWindow {
  readonly #windowMs: number;
  /** In the order of their answers. */
  readonly #answered: { readonly amount: number; readonly until: number }[] = [];
  #held = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  used({ steady }: LimitTime): number {
    while (this.#answered[0] !== undefined && this.#answered[0].until <= steady) {
      this.#held -= this.#answered.shift()?.amount ?? 0;
    }
    return this.#held;
  }

  waitMs(amount: number, limit: number, now: LimitTime): number {
    const used = this.used(now);
    if (used === 0 || used + amount <= limit) return 0;
    let excess = used + amount - limit;
    const last = this.#answered.find((one) => (excess -= one.amount) <= 0);
    // Where more is under way than must be freed, the next answer is the moment to look again.
    return last === undefined ? this.#windowMs : last.until - now.steady;
  }

  spend(amount: number, now: LimitTime): Spending {
    this.#held += amount;
    return { amount, sentAt: now };
  }

  settle({ amount }: Spending, _told: number | undefined, { steady }: LimitTime): void {
    this.#answered.push({ amount, until: steady + this.#windowMs });
  }

  resetMs(): number {
    return this.#windowMs;
  }
}
