import { expect, it } from 'vitest';
import { failureText } from '../../../src/feed/rest/failure-text.ts';
import { MarketDataError } from '../../../src/ports/market-data.ts';

it.each<[MarketDataError, string]>([
  [new MarketDataError('network', 'getaddrinfo ENOTFOUND fapi.binance.com'), 'REST: network: getaddrinfo ENOTFOUND fapi.binance.com'],
  [new MarketDataError('timeout', 'no complete response within 5000 ms'), 'REST: timeout: no complete response within 5000 ms (fapi.binance.com)'],
  [new MarketDataError('server', 'HTTP 503, code -1001 from https://fapi.binance.com/fapi/v1/klines?startTime=1'), 'REST: server: HTTP 503, code -1001 (fapi.binance.com)'],
  [new MarketDataError('malformed', 'x'.repeat(9999)), `REST: malformed: ${'x'.repeat(200)} (fapi.binance.com)`],
])('names cause and host: %s', (error, text) => {
  expect(failureText(error, 'https://fapi.binance.com')).toBe(text);
}); // prettier-ignore
