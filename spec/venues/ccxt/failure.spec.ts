import ccxt from 'ccxt';
import { expect, it } from 'vitest';
import { failureOf, isClosedByUs } from '../../../src/venues/ccxt/failure.ts';

it.each<[Error, string, number | undefined]>([
  [new ccxt.RateLimitExceeded('429'), 'rate limited', 10_000],
  [new ccxt.DDoSProtection('418'), 'banned', 60_000],
  [new ccxt.RequestTimeout('late'), 'timeout', undefined],
  [new ccxt.OnMaintenance('down'), 'server', undefined],
  [new ccxt.ExchangeNotAvailable('binance GET https://x 451 Unavailable'), 'geo-blocked', undefined],
  [new ccxt.PermissionDenied('service unavailable from a restricted location'), 'geo-blocked', undefined],
  [new ccxt.RestrictedLocation('no'), 'geo-blocked', undefined],
  [new ccxt.NetworkError('ECONNREFUSED'), 'network', undefined],
  [new ccxt.BadSymbol('what'), 'refused', undefined],
  [new ccxt.AuthenticationError('keys'), 'refused', undefined],
  [new ccxt.BadResponse('{'), 'malformed', undefined],
  [new TypeError('rows is not iterable'), 'malformed', undefined],
])('%s is told as %s', (error, failure, retryAfterMs) => {
  expect(failureOf(error)).toMatchObject({ failure, retryAfterMs, cause: error });
});

it('repeats nothing that a request was signed with', () => {
  const error = new ccxt.NetworkError('x GET https://host/path?apiKey=a&signature=b fetch failed');
  expect(failureOf(error).message).toBe('x GET https://host/path fetch failed');
});

it('knows what was closed on purpose', () => {
  expect(isClosedByUs(new ccxt.ExchangeClosedByUser('x closedByUser'))).toBe(true);
  expect(isClosedByUs(new ccxt.NetworkError('closed'))).toBe(false);
});
