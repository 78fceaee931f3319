import type { EpochMs } from '../../core/candle.ts';
import type { RateLimit } from '../../core/rate-limit.ts';
import type { Dialect, OverLimit } from '../dialects/dialect.ts';
import type { RestRequest } from '../faults/rest-faults.ts';
import type { ExchangeState } from './exchange-state.ts';

interface Spent {
  readonly at: EpochMs;
  readonly amount: number;
}

interface Budget {
  readonly spent: Map<string, Spent[]>;
  /** In a row. */
  refused: number;
  bannedUntil: EpochMs;
}

/** What an address has used of each limit, and whether this request was one too many. */
export interface Verdict {
  readonly used: Readonly<Record<string, number>>;
  readonly over?: OverLimit;
}

/** What an address may ask for over REST, by the exchange's clock; venues of one budget share it (docs/protocol.md, REST). */
export class RestLimits {
  private readonly exchange: ExchangeState;
  private readonly budgets = new Map<string, Budget>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
  }

  /** Requests that are refused cost the same. */
  spend(dialect: Dialect, asked: RestRequest): Verdict {
    const now = this.exchange.clock.now();
    const budget = this.budgetOf(dialect.rest.budget);
    const limits = dialect.rest.limits(this.exchange.options);
    const cost = Object.entries(dialect.rest.costOf(asked, this.exchange.options));
    for (const [name, amount] of cost) budget.spent.set(name, [...(budget.spent.get(name) ?? []), { at: now, amount }]);
    const used = Object.fromEntries(limits.map((limit) => [limit.name, usedOf(budget, limit, now)]));
    const broken = limits.find(
      ({ name, limit }) => (used[name] ?? 0) > limit && cost.some(([spent]) => spent === name),
    );
    const limit = now < budget.bannedUntil ? (broken ?? limits[0]) : broken;
    if (limit !== undefined) return { used, over: this.refuse(dialect, budget, limit) };
    budget.refused = 0;
    return { used };
  }

  private refuse(dialect: Dialect, budget: Budget, limit: RateLimit): OverLimit {
    const now = this.exchange.clock.now();
    const { afterRefusals, ms } = dialect.rest.ban;
    budget.refused++;
    if (now >= budget.bannedUntil && budget.refused <= afterRefusals) {
      this.note(
        dialect,
        'weight',
        `more than ${String(limit.limit)} ${limit.name} within ${String(limit.windowMs)} ms`,
      );
      return { limit, retryAfterMs: leftOf(limit, now), bannedUntil: undefined };
    }
    if (now >= budget.bannedUntil) budget.bannedUntil = now + (this.exchange.options.banMs ?? ms);
    this.note(dialect, 'ban', 'sent a request while banned or told to wait');
    return { limit, retryAfterMs: budget.bannedUntil - now, bannedUntil: budget.bannedUntil };
  }

  private note({ rules }: Dialect, limit: 'weight' | 'ban', detail: string): void {
    this.exchange.stats.limitBreaks.push({ at: this.exchange.clock.now(), venue: rules.id, limit, detail });
  }

  private budgetOf(name: string): Budget {
    const budget = this.budgets.get(name) ?? { spent: new Map<string, Spent[]>(), refused: 0, bannedUntil: 0 };
    this.budgets.set(name, budget);
    return budget;
  }
}

/** What is used in the window that holds `now`; older entries are forgotten. */
function usedOf({ spent }: Budget, { name, window, windowMs }: RateLimit, now: EpochMs): number {
  const since = window === 'fixed' ? now - (now % windowMs) : now - windowMs + 1;
  const recent = (spent.get(name) ?? []).filter(({ at }) => at >= since);
  spent.set(name, recent);
  return recent.reduce((sum, { amount }) => sum + amount, 0);
}

function leftOf({ window, windowMs }: RateLimit, now: EpochMs): number {
  return window === 'fixed' ? windowMs - (now % windowMs) : windowMs;
}
