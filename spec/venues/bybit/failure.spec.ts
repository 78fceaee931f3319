import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../src/ports/http-client.ts';
import { bybitLinear } from '../../../src/venues/bybit/market.ts';

const NOW = 1_791_382_920_000;

describe('a failure', () => {
  const failureOf = (answer: Partial<HttpAnswer>) => {
    const { failure, retryAfterMs } = bybitLinear.rest.failureOf({ url: 'https://x', status: 403, headers: {}, body: '', at: NOW, ...answer }, undefined) ?? {}; // prettier-ignore
    return [failure, retryAfterMs];
  };

  it('of status 403 is the ban of an address, ten minutes long, whatever its words', () => {
    expect(failureOf({ body: '403, access too frequent' })).toEqual(['banned', 600_000]);
    expect(failureOf({ body: '' })).toEqual(['banned', 600_000]);
    expect(failureOf({ headers: { 'retry-after': '30' } })).toEqual(['banned', 30_000]);
  });

  it('of status 403 is the block of a country where the CDN says so', () => {
    const words = 'The Amazon CloudFront distribution is configured to block access from your country.';
    expect(failureOf({ body: `<HTML><H1>403 ERROR</H1>${words}</HTML>` })).toEqual(['geo-blocked', undefined]);
  });

  it('by the rate limit says when it is over', () => {
    const headers = { 'x-bapi-limit-reset-timestamp': String(NOW + 700) };
    expect(failureOf({ status: 429, headers })).toEqual(['rate limited', 700]);
    expect(failureOf({ status: 429 })).toEqual(['rate limited', undefined]);
  });
});
