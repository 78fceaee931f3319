import { defer, of, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { retryFailed } from '../../../src/feed/rest/retry-failed.ts';
import { failure } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

it('asks again after each failure of the exchange or the network, and not after a bug', () => {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const answers = [failure('network'), failure('malformed'), new TypeError('ours')];
  const asks$ = defer(() => {
    asked.push(clock.now());
    const error = answers.shift();
    return error === undefined ? of(1) : throwError(() => error);
  });
  const errors: unknown[] = [];
  asks$.pipe(retryFailed(500, clock)).subscribe({ error: (error: unknown) => errors.push(error) });
  clock.advance(5000);
  expect(asked).toEqual([0, 500, 1000]);
  expect(errors).toEqual([new TypeError('ours')]);
});
