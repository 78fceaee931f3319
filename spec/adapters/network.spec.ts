import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { networkOf } from '../../src/adapters/network.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { hasOpenssl, makeCertificates } from '../support/certificates.ts';

const HOSTS = { stream: 'wss://fstream.binance.com/market', rest: 'https://fapi.binance.com' };
const LOCAL = { stream: 'ws://127.0.0.1:1', rest: 'http://127.0.0.1:1' };
const PROXY = 'http://bot:secret@proxy.corp:3128';

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

beforeEach(() => NAMES.flatMap((name) => [name, name.toLowerCase()]).forEach((name) => vi.stubEnv(name, undefined)));
afterEach(() => vi.unstubAllEnvs());

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

it('is direct by itself', () => {
  const direct = { proxy: undefined, tls: {} };
  expect(networkOf({}, HOSTS)).toEqual({ stream: direct, rest: direct, notes: [] });
});

it('goes by the environment, and says so without the password', () => {
  vi.stubEnv('HTTPS_PROXY', PROXY);
  const { stream, rest, notes } = networkOf({}, HOSTS);
  expect([stream.proxy?.host, rest.proxy?.host]).toEqual(['proxy.corp', 'proxy.corp']);
  expect(notes).toEqual(['stream and REST go through the proxy http://proxy.corp:3128 (HTTPS_PROXY)']);
});

it('may differ for stream and REST', () => {
  vi.stubEnv('HTTPS_PROXY', PROXY);
  vi.stubEnv('NO_PROXY', 'fapi.binance.com');
  const { stream, rest, notes } = networkOf({}, HOSTS);
  expect([stream.proxy?.host, rest.proxy]).toEqual(['proxy.corp', undefined]);
  expect(notes).toEqual([expect.stringContaining('the stream goes through'), 'REST goes directly']);
});

it('goes by the options whatever the environment says, to this machine too', () => {
  vi.stubEnv('ALL_PROXY', 'http://another.corp:1');
  vi.stubEnv('NO_PROXY', '*');
  expect(networkOf({ proxy: PROXY }, LOCAL).rest.proxy?.host).toBe('proxy.corp');
  expect(networkOf({ proxy: false }, HOSTS).rest.proxy).toBeUndefined();
});

it('takes a broken proxy of the environment for an error, once, without its password', () => {
  vi.stubEnv('ALL_PROXY', 'socks4://bot:secret@proxy.corp');
  const problems = problemsOf(() => networkOf({}, HOSTS));
  expect(problems).toEqual([expect.stringMatching(/^ALL_PROXY: must be an http:/)]);
  expect(problems.join()).not.toContain('secret');
  expect(networkOf({}, LOCAL).notes).toEqual([]);
});

it.runIf(hasOpenssl)('hands certificates on, and refuses a key that does not belong to its certificate', () => {
  using one = makeCertificates('DNS:one.test');
  using other = makeCertificates('DNS:other.test');
  const tls = { ca: one.ca, cert: one.cert, key: one.key, rejectUnauthorized: undefined };
  const { rejectUnauthorized: _, ...given } = tls;
  expect(networkOf({ tls }, HOSTS).rest.tls).toEqual(given);
  const problems = problemsOf(() => networkOf({ tls: { ...tls, key: other.key } }, HOSTS));
  expect(problems).toEqual([expect.stringMatching(/^tls: .*key values mismatch/)]);
});
