import { expect, it } from 'vitest';
import { dataOf, failureOf } from '../../../src/venues/okx/answer.ts';

const answer = (status: number, headers = {}) => ({ url: 'https://okx.test/x', status, headers, body: '', at: 0 });

it('is good with code 0', () => {
  const body = { code: '0', msg: '', data: [1] };
  expect(failureOf(answer(200), body)).toBeUndefined();
  expect([dataOf(body), dataOf([]), dataOf(undefined)]).toEqual([[1], undefined, undefined]);
});

it.each([
  [200, '50011', 'rate limited', 2000],
  [429, '50011', 'rate limited', 2000],
  [200, '50040', 'rate limited', 2000],
  [200, '50001', 'server', undefined],
  [400, '50013', 'server', undefined],
  [200, '51001', 'refused', undefined],
  [200, '51000', 'refused', undefined],
  [302, '0', 'malformed', undefined],
] as const)('of HTTP %i with code %s is %s', (status, code, failure, retryAfterMs) => {
  const error = failureOf(answer(status), { code, msg: '', data: [] });
  expect(error).toMatchObject({ failure, retryAfterMs, status, venueCode: Number(code) });
});

it('says how long to wait where a header tells it', () => {
  expect(failureOf(answer(429, { 'retry-after': '9' }), undefined)?.retryAfterMs).toBe(9000);
});
