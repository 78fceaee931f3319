import { expect, it } from 'vitest';
import type { MarketDataError } from '../../../src/ports/market-data.ts';
import { failureOf, usageOf } from '../../../src/venues/binance/failure.ts';

const URL = 'http://127.0.0.1/fapi/v1/klines?symbol=BTCUSDT';
const NOON = 1_795_348_800_000;
const answer = (status: number, body = '', headers: Record<string, string> = {}) => ({
  url: URL,
  status,
  body,
  headers,
  at: NOON,
});
type Answer = ReturnType<typeof answer>;

function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const failed = (one: Answer): MarketDataError | undefined => failureOf(one, jsonOf(one));
const inWords = (msg: string) => JSON.stringify({ code: -1003, msg });

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
  const error = failed(answer(status, body, { 'x-mbx-used-weight-1m': '9' }));
  expect(error).toMatchObject({ status, usage: { weight: 9 }, ...expected });
  expect(error?.message).toContain(`HTTP ${status}`);
  expect(error?.message).toContain(URL);
});

it('finds no failure in 200', () => {
  expect(failed(answer(200, '[]'))).toBeUndefined();
});

const UNTIL = `Way too much request weight used; IP banned until ${NOON + 259_200_000}. Please use the websocket for live updates to avoid bans.`;

it.each<[string, Answer, number | undefined]>([
  ['the header', answer(429, '', { 'retry-after': '7' }), 7000],
  ['the words of a ban', answer(418, inWords(UNTIL)), 259_200_000],
  ['words that name the address', answer(418, inWords(`IP(127.0.0.1) banned until ${NOON + 120_000}.`)), 120_000],
  ['the words where they say more than the header', answer(418, inWords(UNTIL), { 'retry-after': '7' }), 259_200_000],
  ['the header where it says more', answer(418, inWords(`banned until ${NOON}`), { 'retry-after': '130' }), 130_000],
  ['the header where the words name a time that is past', answer(418, inWords('banned until 1395348800000'), { 'retry-after': '130' }), 130_000],
  ['the shortest ban there is, where a ban says nothing', answer(418, inWords('Way too many requests')), 120_000],
  ['nothing for a firewall', answer(403, '<html>'), undefined],
  ['nothing for a refusal that does not say', answer(429, inWords('Too many requests')), undefined],
])('reads how long to send nothing from %s', (_, one, retryAfterMs) => {
  expect(failed(one)?.retryAfterMs).toBe(retryAfterMs);
}); // prettier-ignore

it.each([
  ['Too much request weight used; current limit is 1200 request weight per 1 MINUTE. Please use …', [1200]],
  ['Too many requests; current limit is 0 request weight per 1 MINUTE.', []],
  ['Too many requests; current limit is 10 orders per 1 SECOND.', []],
  ['Too many requests.', []],
])("reads the host's limit from a refusal: %s", (msg, limits) => {
  expect(failed(answer(429, inWords(msg)))?.limits.map(({ limit }) => limit)).toEqual(limits);
});

it.each([
  ['42', { weight: 42 }],
  ['0', { weight: 0 }],
  ['', {}],
  ['-1', {}],
  ['1e3', {}],
  ['many', {}],
])('reads the used weight from %j', (text, usage) => {
  expect(usageOf(answer(200, '', { 'x-mbx-used-weight-1m': text }))).toEqual(usage);
});
