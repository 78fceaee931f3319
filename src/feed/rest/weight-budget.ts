import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import {
  NOTHING_USED, settleWeight, spendWeight, untilNextMinute, waitForWeight, weightUsed,
} from '../../core/request-weight.ts'; // prettier-ignore
import type { MarketDataError } from '../../ports/market-data.ts';

export interface WeightBudgetOptions {
  /** The exchange's limit per minute of its clock and address. */
  readonly weightPerMinute: number;
  /** Measures pauses: its clock must run steadily, whatever is learnt about the exchange's. */
  readonly scheduler: Pick<SchedulerLike, 'now'>;
  /** The exchange's clock: its minutes are what is counted. */
  readonly exchangeNow: () => EpochMs;
}

/** A part of the limit is left to other programs behind the same address. */
const USABLE_SHARE = 0.9;
/** Where the exchange bans without saying for how long, ms; its shortest ban is two minutes, its firewall's unknown. */
const BAN_MS = 60_000;

/** What an address may send to an exchange; one object for all markets that share a limit. */
export class WeightBudget {
  readonly #options: WeightBudgetOptions;
  readonly #limit: number;
  #use = NOTHING_USED;
  #pauseEnds = -Infinity;

  constructor(options: WeightBudgetOptions) {
    this.#options = options;
    this.#limit = Math.floor(options.weightPerMinute * USABLE_SHARE);
  }

  /** How long before `weight` may be sent, ms; 0 for now. */
  waitFor(weight: number): number {
    const pause = this.#pauseEnds - this.#options.scheduler.now();
    return pause > 0 ? pause : waitForWeight(this.#use, { weight, limit: this.#limit }, this.#options.exchangeNow());
  }

  /**
   * Books a request that is being sent. The function it gives back is told once what the answer said of the weight
   * used, or undefined when there was no answer or it did not say; later calls change nothing.
   */
  spend(weight: number): (header: number | undefined) => void {
    const sentAt = this.#options.exchangeNow();
    let settled = false;
    this.#use = spendWeight(this.#use, weight, sentAt);
    return (header) => {
      if (settled) return;
      settled = true;
      this.#use = settleWeight(this.#use, { weight, sentAt, header }, this.#options.exchangeNow());
    };
  }

  /** Sends nothing for a while after an answer that asks for it; a shorter pause does not end a longer one. */
  heed(error: MarketDataError): void {
    const pauseMs = this.#pauseAfter(error);
    this.#pauseEnds = Math.max(this.#pauseEnds, this.#options.scheduler.now() + pauseMs);
  }

  get usedWeight(): number {
    return weightUsed(this.#use, this.#options.exchangeNow());
  }

  /** Until when nothing is sent, ms UTC; null when nothing forbids it. */
  get pausedUntil(): EpochMs | null {
    const { scheduler, exchangeNow } = this.#options;
    const pause = this.#pauseEnds - scheduler.now();
    return pause > 0 ? exchangeNow() + pause : null;
  }

  #pauseAfter({ failure, retryAfterMs }: MarketDataError): number {
    if (failure === 'banned') return retryAfterMs ?? BAN_MS;
    if (failure === 'rate limited') return retryAfterMs ?? untilNextMinute(this.#options.exchangeNow());
    return 0;
  }
}
