import type { StreamDialect } from '../dialects/dialect.ts';

type MessageLimit = Pick<StreamDialect['limits']['messages'], 'counted' | 'limit' | 'windowMs'>;

/** What a client sends, as venues count it. */
export type Counted = MessageLimit['counted'][number];

/** What one client has sent, against its venue's limit. */
export class MessageRate {
  private readonly rule: MessageLimit;
  private readonly received: number[] = [];

  /** @param perSecond - takes the place of the venue's own limit */
  constructor(rule: MessageLimit, perSecond?: number) {
    this.rule = perSecond === undefined ? rule : { ...rule, limit: perSecond, windowMs: 1000 };
  }

  /** Counts one that is counted; what it says where that was one too many. */
  excessOf(what: Counted): string | undefined {
    const { counted, limit, windowMs } = this.rule;
    if (!counted.includes(what)) return undefined;
    const now = performance.now();
    while ((this.received[0] ?? now) <= now - windowMs) this.received.shift();
    this.received.push(now);
    if (this.received.length <= limit) return undefined;
    return `${String(this.received.length)} messages within ${String(windowMs)} ms`;
  }
}
