import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import {
  rateWindow,
  type Cost,
  type LimitTime,
  type RateLimit,
  type RateWindow,
  type Spending,
} from '../../core/rate-limit.ts';
import type { RestLimit } from '../../core/status.ts';
import type { MarketDataError, Usage } from '../../ports/market-data.ts';

export interface RateLimitsOptions {
  /** What the venue documents; the host's own word replaces it. */
  readonly limits: readonly RateLimit[];
  /** Measures pauses and sliding windows: its clock must run steadily, whatever is learnt about the exchange's. */
  readonly scheduler: Pick<SchedulerLike, 'now'>;
  /** The exchange's clock: its minutes are what is counted. */
  readonly exchangeNow: () => EpochMs;
}

interface Held {
  readonly limit: RateLimit;
  readonly window: RateWindow;
  /** Whether the host itself has named the limit. */
  readonly isTold: boolean;
}

/** Share of each limit left to other programs behind the same address. */
const USABLE_SHARE = 0.9;
/** Assumed length of a ban without a stated end, ms. */
const BAN_MS = 60_000;

/** What an address may send to a host; one object for all markets and feeds that share it. */
export class RateLimits {
  readonly #options: RateLimitsOptions;
  readonly #held = new Map<string, Held>();
  #pauseEnds = -Infinity;

  constructor(options: RateLimitsOptions) {
    this.#options = options;
    for (const limit of options.limits) this.#hold(limit, false);
  }

  /** How long before a request of this cost may be sent, ms; 0 for now. */
  waitFor(cost: Cost): number {
    const pause = this.#pauseEnds - this.#options.scheduler.now();
    if (pause > 0) return pause;
    const now = this.#now();
    return Math.max(
      0,
      ...this.#priced(cost).map(([{ window, limit }, amount]) => window.waitMs(amount, usable(limit), now)),
    );
  }

  /**
   * Books a request that is being sent. The function it gives back is told once what the answer said of the use,
   * or undefined when there was no answer; later calls change nothing.
   */
  spend(cost: Cost): (usage: Usage | undefined) => void {
    const now = this.#now();
    const booked = this.#priced(cost).map(([{ window, limit }, amount]): [string, RateWindow, Spending] => [
      limit.name,
      window,
      window.spend(amount, now),
    ]);
    return (usage) => {
      for (const [name, window, spending] of booked.splice(0)) window.settle(spending, usage?.[name], this.#now());
    };
  }

  /** Limits reported by the host. */
  learn(limits: readonly RateLimit[]): void {
    for (const limit of limits) this.#hold(limit, true);
  }

  /** Pauses after a response that requires it; a shorter pause does not end a longer one. */
  applyBackoff(error: MarketDataError, cost: Cost): void {
    const pauseMs = this.#pauseAfter(error, cost);
    this.#pauseEnds = Math.max(this.#pauseEnds, this.#options.scheduler.now() + pauseMs);
    this.learn(error.limits);
    if (error.failure === 'rate limited') this.#lower(error.usage ?? {});
  }

  /** Every limit as it is known now, with nothing left to others, and what is used of it. */
  get uses(): readonly RestLimit[] {
    const now = this.#now();
    return [...this.#held.values()].map(({ limit, window }) => ({
      name: limit.name,
      used: window.used(now),
      limit: limit.limit,
    }));
  }

  /** Until when nothing is sent, ms UTC; null when nothing forbids it. */
  get pausedUntil(): EpochMs | null {
    const { scheduler, exchangeNow } = this.#options;
    const pause = this.#pauseEnds - scheduler.now();
    return pause > 0 ? exchangeNow() + pause : null;
  }

  /** A refusal at this use: the limit is lower. A host that has named its limit refused for another reason. */
  #lower(usage: Usage): void {
    for (const [name, used] of Object.entries(usage)) {
      const held = this.#held.get(name);
      if (held === undefined || held.isTold || used > held.limit.limit) continue;
      this.#hold({ ...held.limit, limit: Math.max(1, used - 1) }, false);
    }
  }

  /** A window that stays as long keeps its count. */
  #hold(limit: RateLimit, isTold: boolean): void {
    const known = this.#held.get(limit.name);
    const isSame = known?.limit.windowMs === limit.windowMs && known.limit.window === limit.window;
    this.#held.set(limit.name, { limit, isTold, window: isSame ? known.window : rateWindow(limit) });
  }

  #priced(cost: Cost): readonly [Held, number][] {
    return Object.entries(cost).flatMap(([name, amount]): [Held, number][] => {
      const held = this.#held.get(name);
      return held === undefined ? [] : [[held, amount]];
    });
  }

  #pauseAfter({ failure, retryAfterMs }: MarketDataError, cost: Cost): number {
    if (failure === 'banned') return retryAfterMs ?? BAN_MS;
    if (failure !== 'rate limited') return 0;
    const now = this.#now();
    return retryAfterMs ?? Math.max(0, ...this.#priced(cost).map(([{ window }]) => window.resetMs(now)));
  }

  #now(): LimitTime {
    return { exchange: this.#options.exchangeNow(), steady: this.#options.scheduler.now() };
  }
}

function usable({ limit }: RateLimit): number {
  return Math.max(1, Math.floor(limit * USABLE_SHARE));
}
