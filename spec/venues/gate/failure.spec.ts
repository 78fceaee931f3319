import { expect, it } from 'vitest';
import { failureOf } from '../../../src/venues/gate/failure.ts';

const answer = (status: number, headers = {}) => ({ url: 'https://gate.test/x', status, headers, body: '', at: 0 });

it('names the label, and waits for ten seconds where no header says how long', () => {
  const error = failureOf(answer(429), { label: 'TOO_MANY_REQUESTS', message: 'x' });
  expect(error).toMatchObject({ failure: 'rate limited', retryAfterMs: 10_000 });
  expect(error?.message).toBe('HTTP 429, TOO_MANY_REQUESTS from https://gate.test/x');
  expect(failureOf(answer(429, { 'retry-after': '3' }), undefined)?.retryAfterMs).toBe(3000);
});

it.each([
  [200, undefined],
  [400, 'refused'],
  [500, 'server'],
  [204, 'malformed'],
] as const)('takes HTTP %i for %s', (status, failure) => expect(failureOf(answer(status), [])?.failure).toBe(failure));
