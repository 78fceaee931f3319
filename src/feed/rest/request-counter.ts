import { finalize, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { RequestOutcome, RestStatus } from '../../core/status.ts';
import { MarketDataError } from '../../ports/market-data.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RequestQueue } from './request-queue.ts';

/** The requests of one feed to a host that others may ask too. */
export class RequestCounter {
  readonly #queue: Pick<RequestQueue, 'counts'>;
  readonly #limits: Pick<RateLimits, 'uses'>;
  readonly #requests = noRequests();

  constructor(queue: Pick<RequestQueue, 'counts'>, limits: Pick<RateLimits, 'uses'>) {
    this.#queue = queue;
    this.#limits = limits;
  }

  /** Counts one request, once. A bug of ours is told elsewhere, and counts as `malformed`. */
  count<T>(): MonoTypeOperatorFunction<T> {
    return (request$) => {
      let outcome: RequestOutcome = 'cancelled';
      return request$.pipe(
        tap({
          next: () => (outcome = 'answered'),
          error: (error: unknown) => (outcome = error instanceof MarketDataError ? error.failure : 'malformed'),
        }),
        finalize(() => (this.#requests[outcome] += 1)),
      );
    };
  }

  get status(): RestStatus {
    return { requests: { ...this.#requests }, queued: this.#queue.counts.queued, limits: this.#limits.uses };
  }
}

/** Nothing asked yet. */
export const NO_REQUESTS: RestStatus = { requests: noRequests(), queued: 0, limits: [] };

function noRequests(): Record<RequestOutcome, number> {
  return {
    answered: 0, cancelled: 0, network: 0, proxy: 0, certificate: 0, timeout: 0, 'rate limited': 0, banned: 0,
    'geo-blocked': 0, refused: 0, server: 0, malformed: 0,
  }; // prettier-ignore
}
