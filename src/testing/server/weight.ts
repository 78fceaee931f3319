import type { EpochMs } from '../../core/candle.ts';
import type { WeightRefusal } from '../dialects/binance/refusal-words.ts';
import type { VenueRules } from '../dialects/binance/venue-rules.ts';
import type { ExchangeState } from './exchange-state.ts';

/** Requests refused with 429 in one minute before the address is banned. */
const REFUSALS_BEFORE_BAN = 5;

interface Budget {
  minute: number;
  used: number;
  refused: number;
  bannedUntil: EpochMs;
}

/** The verdict of the budget on one request. */
export interface Verdict {
  readonly used: number;
  /** Undefined where the request is within the limit. */
  readonly refusal?: WeightRefusal;
}

/** Request weight per minute of the exchange's clock; USDⓈ-M and COIN-M share one budget (FACTS 1.4, 4.3). */
export class Weights {
  private readonly exchange: ExchangeState;
  private readonly budgets = new Map<string, Budget>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
  }

  /** Weight counts also for requests that are refused. */
  spend(rules: VenueRules, weight: number): Verdict {
    const now = this.exchange.clock.now();
    const budget = this.budgetOf(rules.budget, now);
    budget.used += weight;
    if (now < budget.bannedUntil) return this.ban(rules, budget);
    const limit = this.exchange.options.weightLimit ?? rules.weightPerMinute;
    if (budget.used <= limit) return { used: budget.used };
    budget.refused++;
    if (budget.refused > REFUSALS_BEFORE_BAN) return this.ban(rules, budget);
    this.note(rules, 'weight', `${String(budget.used)} weight within a minute`);
    const retryAfter = Math.ceil((60_000 - (now % 60_000)) / 1000);
    return { used: budget.used, refusal: { status: 429, retryAfter, limit } };
  }

  private ban(rules: VenueRules, budget: Budget): Verdict {
    const now = this.exchange.clock.now();
    if (now >= budget.bannedUntil) budget.bannedUntil = now + (this.exchange.options.banMs ?? 120_000);
    this.note(rules, 'ban', `sent a request while banned or told to wait`);
    const { used, bannedUntil } = budget;
    const limit = this.exchange.options.weightLimit ?? rules.weightPerMinute;
    return { used, refusal: { status: 418, retryAfter: Math.ceil((bannedUntil - now) / 1000), limit, bannedUntil } };
  }

  private note(rules: VenueRules, limit: 'weight' | 'ban', detail: string): void {
    this.exchange.stats.limitBreaks.push({ at: this.exchange.clock.now(), venue: rules.id, limit, detail });
  }

  private budgetOf(name: string, now: EpochMs): Budget {
    const minute = Math.floor(now / 60_000);
    const budget = this.budgets.get(name) ?? { minute, used: 0, refused: 0, bannedUntil: 0 };
    this.budgets.set(name, budget);
    if (budget.minute !== minute) Object.assign(budget, { minute, used: 0, refused: 0 });
    return budget;
  }
}
