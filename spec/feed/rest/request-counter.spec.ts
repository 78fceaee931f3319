import { NEVER, of, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { RateLimits } from '../../../src/feed/rest/rate-limits.ts';
import { RequestCounter } from '../../../src/feed/rest/request-counter.ts';
import { RequestQueue } from '../../../src/feed/rest/request-queue.ts';
import { failure } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function rig() {
  const scheduler = new VirtualClock();
  const limits = new RateLimits({
    limits: [{ name: 'weight', limit: 100, windowMs: 60_000, window: 'fixed' }],
    scheduler,
    exchangeNow: () => scheduler.now(),
  });
  const queue = new RequestQueue({ scheduler });
  return { counter: new RequestCounter(queue, limits), queue, limits };
}

it('counts each request once, by what became of it', () => {
  const { counter } = rig();
  of(1, 2).pipe(counter.count()).subscribe();
  for (const kind of ['timeout', 'banned', 'banned'] as const)
    throwError(() => failure(kind)).pipe(counter.count()).subscribe({ error: () => undefined }); // prettier-ignore
  NEVER.pipe(counter.count()).subscribe().unsubscribe();
  const told = Object.entries(counter.status.requests).filter(([, count]) => count > 0);
  expect(Object.fromEntries(told)).toEqual({ answered: 1, timeout: 1, banned: 2, cancelled: 1 });
});

it('knows what is used of each limit, and who waits for it', () => {
  const { counter, queue, limits } = rig();
  for (let count = 0; count < 5; count += 1)
    queue.request$({ limits, cost: { weight: 30 }, priority: 1, send$: () => NEVER }).subscribe();
  expect(counter.status).toMatchObject({ queued: 2, limits: [{ name: 'weight', used: 90, limit: 100 }] });
});
