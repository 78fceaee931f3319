import type { SchedulerLike } from 'rxjs';
import type { EpochMs } from '../../core/candle.ts';
import type { RestProtocol } from '../../ports/connector.ts';
import { RateLimits } from './rate-limits.ts';
import { RequestQueue } from './request-queue.ts';

/** A REST host and its protocol. */
export interface RestHost {
  readonly protocol: Pick<RestProtocol, 'budget' | 'limits'>;
  readonly url: string;
  /** Whether it is the one that the protocol's limits are documented for. */
  readonly isMain: boolean;
}

interface Shared {
  exchangeNow: () => EpochMs;
  readonly limits: RateLimits;
}

/** A feed's share of its address's request limits. */
export interface RestShare {
  /** @param exchangeNow - the feed's clock: windows are counted by the clock of the feed that came last */
  with(exchangeNow: () => EpochMs): { readonly queue: RequestQueue; readonly limits: RateLimits };
  /** The feed is closed. Limits and bans are kept for the next one. */
  release(): void;
}

/**
 * The exchange counts by address, not by feed: feeds of one process share the six places at a host and what they may
 * spend there. USDⓈ-M and COIN-M have different hosts and one budget since 2026-06-30 (docs/protocol.md, REST).
 */
export class SharedRest {
  readonly #queues = new Map<string, RequestQueue>();
  readonly #shared = new Map<string, Shared>();

  take(host: RestHost, scheduler: SchedulerLike): RestShare {
    const key = keyOf(host);
    let mine: (() => EpochMs) | undefined;
    return {
      with: (exchangeNow) => {
        mine = exchangeNow;
        const shared = this.#shared.get(key) ?? newShared(host, exchangeNow, scheduler);
        shared.exchangeNow = exchangeNow;
        this.#shared.set(key, shared);
        return { queue: this.#queueOf(host, scheduler), limits: shared.limits };
      },
      release: () => {
        const shared = this.#shared.get(key);
        if (shared === undefined || shared.exchangeNow !== mine) return;
        const offsetMs = shared.exchangeNow() - scheduler.now();
        shared.exchangeNow = () => scheduler.now() + offsetMs;
      },
    };
  }

  #queueOf({ url }: RestHost, scheduler: SchedulerLike): RequestQueue {
    const { origin } = new URL(url);
    const queue = this.#queues.get(origin) ?? new RequestQueue({ scheduler });
    this.#queues.set(origin, queue);
    return queue;
  }
}

function keyOf({ protocol, url, isMain }: RestHost): string {
  return isMain ? protocol.budget : `${protocol.budget} ${new URL(url).origin}`;
}

function newShared({ protocol }: RestHost, exchangeNow: () => EpochMs, scheduler: SchedulerLike): Shared {
  const shared: Shared = {
    exchangeNow,
    limits: new RateLimits({ limits: protocol.limits, scheduler, exchangeNow: () => shared.exchangeNow() }),
  };
  return shared;
}
