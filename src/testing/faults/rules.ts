/** When a fault strikes. With nothing given: every time, until stopped. */
export interface When<Context> {
  /** Only the next so many times. */
  readonly next?: number | undefined;
  /** With this probability each time, from the exchange's seed. */
  readonly probability?: number | undefined;
  /** Only where this says so. */
  readonly match?: ((context: Context) => boolean) | undefined;
}

/** A fault that lasts until it is stopped or used up. */
export interface Fault {
  /** How often it has struck. */
  readonly hits: number;
  stop(): void;
}

interface Rule<Context, Effect> extends Fault {
  readonly effect: Effect;
  readonly when: When<Context>;
  hits: number;
  left: number;
}

/** Faults of one kind, oldest first; the first that applies strikes. */
export class Rules<Context, Effect> {
  private rules: Rule<Context, Effect>[] = [];
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  add(effect: Effect, when: When<Context> = {}): Fault {
    const rule: Rule<Context, Effect> = {
      effect,
      when,
      hits: 0,
      left: when.next ?? Infinity,
      stop: () => {
        this.rules = this.rules.filter((other) => other !== rule);
      },
    };
    this.rules.push(rule);
    return rule;
  }

  /** The effect that strikes now, if any; counts it. */
  take(context: Context): Effect | undefined {
    const rule = this.rules.find((candidate) => this.applies(candidate, context));
    if (rule === undefined) return undefined;
    rule.hits++;
    rule.left--;
    if (rule.left <= 0) rule.stop();
    return rule.effect;
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  clear(): void {
    this.rules = [];
  }

  private applies(rule: Rule<Context, Effect>, context: Context): boolean {
    const { match, probability } = rule.when;
    if (match !== undefined && !match(context)) return false;
    return probability === undefined || this.random() < probability;
  }
}
