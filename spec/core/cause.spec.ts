import { describe, expect, it } from 'vitest';
import { causeAt, causeOf, hostOf } from '../../src/core/cause.ts';

it.each([
  ['wss://fstream.binance.com/market/stream', 'fstream.binance.com'],
  ['http://127.0.0.1:8080?x=1', '127.0.0.1:8080'],
  ['ws://[::1]:9/stream', '[::1]:9'],
  ['http://user:p@ss@proxy.example:3128/', 'proxy.example:3128'],
  ['nowhere', 'nowhere'],
])('the host of %s is %s', (url, host) => {
  expect(hostOf(url)).toBe(host);
});

describe('a cause', () => {
  it.each([
    ['https://fapi.binance.com', 'socket hang up', 'socket hang up (fapi.binance.com)'],
    ['https://fapi.binance.com', 'getaddrinfo ENOTFOUND fapi.binance.com', 'getaddrinfo ENOTFOUND fapi.binance.com'],
    ['https://fapi.binance.com:8443', 'getaddrinfo ENOTFOUND fapi.binance.com', 'getaddrinfo ENOTFOUND fapi.binance.com'],
    ['http://127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['https://fapi.binance.com', ' two\nlines ', 'two lines (fapi.binance.com)'],
  ])('at %s: %j says %j', (url, cause, text) => {
    expect(causeAt(url, cause)).toBe(text);
  }); // prettier-ignore
});

it('of a new connection is what is known of it, or else the reason in words', () => {
  expect(causeOf({ reason: 'refused', detail: 'HTTP 503' })).toBe('HTTP 503');
  expect(causeOf({ reason: 'no pong' })).toBe('the peer no longer answers');
});
