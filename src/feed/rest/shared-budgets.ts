import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { Venue } from '../../venues/venue.ts';
import { WeightBudget } from './weight-budget.ts';

interface Shared {
  exchangeNow: () => EpochMs;
  readonly budget: WeightBudget;
}

/** A feed's share in the budget of its address. */
export interface BudgetShare {
  /** @param exchangeNow - the feed's clock: minutes are counted by the clock of the feed that came last */
  with(exchangeNow: () => EpochMs): WeightBudget;
  /** The feed is gone; the budget, and a ban above all, outlives it. */
  release(): void;
}

/**
 * The exchange counts weight by address, not by feed: feeds of one process share what they may spend.
 * USDⓈ-M and COIN-M have different hosts and one budget (FACTS 1.4: since 2026-06-30).
 */
export class SharedBudgets {
  readonly #shared = new Map<string, Shared>();

  take(venue: Venue, restUrl: string, scheduler: SchedulerLike): BudgetShare {
    const key = keyOf(venue, restUrl);
    let mine: (() => EpochMs) | undefined;
    return {
      with: (exchangeNow) => {
        mine = exchangeNow;
        const shared = this.#shared.get(key) ?? newShared(venue, exchangeNow, scheduler);
        shared.exchangeNow = exchangeNow;
        this.#shared.set(key, shared);
        return shared.budget;
      },
      release: () => {
        const shared = this.#shared.get(key);
        if (shared === undefined || shared.exchangeNow !== mine) return;
        const offsetMs = shared.exchangeNow() - scheduler.now();
        shared.exchangeNow = () => scheduler.now() + offsetMs;
      },
    };
  }
}

function keyOf(venue: Venue, restUrl: string): string {
  const isOwnHost = restUrl === venue.endpoints.rest;
  return isOwnHost ? venue.rest.budget : `${venue.rest.budget} ${new URL(restUrl).origin}`;
}

function newShared(venue: Venue, exchangeNow: () => EpochMs, scheduler: SchedulerLike): Shared {
  const { weightPerMinute } = venue.rest;
  const shared: Shared = {
    exchangeNow,
    budget: new WeightBudget({ weightPerMinute, scheduler, exchangeNow: () => shared.exchangeNow() }),
  };
  return shared;
}
