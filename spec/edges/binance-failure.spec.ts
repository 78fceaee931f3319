import { expect, it } from 'vitest';
import { failureOf, toMarketDataError, usedWeightOf } from '../../src/edges/binance-failure.ts';
import { MarketDataError } from '../../src/ports/market-data.ts';

const URL = 'http://127.0.0.1/fapi/v1/klines?symbol=BTCUSDT';
const answer = (status: number, body = '', headers: Record<string, string> = {}) => ({ status, body, headers });

it.each<[number, string, Partial<MarketDataError>]>([
  [451, '{"code":0,"msg":"Service unavailable from a restricted location"}', { failure: 'geo-blocked', venueCode: 0 }],
  [451, '', { failure: 'geo-blocked', venueCode: undefined }],
  [418, '{"code":-1003,"msg":"Way too many requests"}', { failure: 'banned', venueCode: -1003 }],
  [429, '{"code":-1003,"msg":"Too many requests"}', { failure: 'rate limited', venueCode: -1003 }],
  [429, '', { failure: 'rate limited' }],
  [403, '<html>WAF</html>', { failure: 'banned', venueCode: undefined }],
  [500, '{"code":-1000,"msg":"An unknown error"}', { failure: 'server', venueCode: -1000 }],
  [502, '<html>bad gateway</html>', { failure: 'server' }],
  [503, 'Service Unavailable', { failure: 'server' }],
  [504, '', { failure: 'server' }],
  [408, '', { failure: 'server' }],
  [400, '{"code":-1121,"msg":"Invalid symbol."}', { failure: 'refused', venueCode: -1121 }],
  [400, '{"code":-1120,"msg":"Invalid interval."}', { failure: 'refused', venueCode: -1120 }],
  [400, '{"code":-1130,"msg":"Invalid limit"}', { failure: 'refused', venueCode: -1130 }],
  [400, '{"code":-1007,"msg":"Timeout waiting for response from backend server."}', { failure: 'server' }],
  [400, '{"code":-1003,"msg":"Too many requests"}', { failure: 'rate limited' }],
  [400, '{"code":-1121,"msg":"cut o', { failure: 'refused', venueCode: undefined }],
  [400, '{"code":"-1121"}', { failure: 'refused', venueCode: undefined }],
  [404, 'null', { failure: 'refused' }],
  [302, '', { failure: 'malformed' }],
  [204, '', { failure: 'malformed' }],
])('tells a failure by status and body: HTTP %i %s', (status, body, expected) => {
  const error = failureOf(answer(status, body, { 'x-mbx-used-weight-1m': '9' }), URL);
  expect(error).toMatchObject({ status, usedWeight: 9, ...expected });
  expect(error?.message).toContain(`HTTP ${status}`);
});

it('finds no failure in 200', () => {
  expect(failureOf(answer(200, '[]'), URL)).toBeUndefined();
});

it.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT', date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, 120_000],
  ['a date in an answer without one', { 'retry-after': 'Sun, 22 Nov 2026 12:02:00 GMT' }, undefined],
  ['nothing', {}, undefined],
  ['garbage', { 'retry-after': 'soon' }, undefined],
  ['a negative number', { 'retry-after': '-5' }, undefined],
  ['a century', { 'retry-after': '3153600000' }, undefined],
])('reads the pause the exchange asks for from %s', (_, headers, retryAfterMs) => {
  expect(failureOf(answer(429, '', headers), URL)?.retryAfterMs).toBe(retryAfterMs);
});

it.each([
  ['42', 42],
  ['0', 0],
  ['', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['many', undefined],
])('reads the used weight from %j', (text, weight) => {
  expect(usedWeightOf(answer(200, '', { 'x-mbx-used-weight-1m': text }))).toBe(weight);
});

it.each<[string, unknown, Parameters<typeof toMarketDataError>[1], Partial<MarketDataError>]>([
  ['a broken socket', new Error('connect ECONNREFUSED'), undefined, { failure: 'network', status: 0 }],
  [
    'a body that does not unzip',
    Object.assign(new Error('bad'), { code: 'Z_BUF_ERROR' }),
    undefined,
    { failure: 'malformed' },
  ],
  ['a whole answer that was refused afterwards', new Error('ccxt'), answer(200), { failure: 'malformed', status: 200 }],
  ['something that is no error', 'odd', undefined, { failure: 'network' }],
  ['an error of ours', new MarketDataError('timeout', ''), answer(200), { failure: 'timeout' }],
])('names %s', (_, error, soFar, expected) => {
  expect(toMarketDataError(error, soFar)).toMatchObject(expected);
});
