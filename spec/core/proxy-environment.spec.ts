import { describe, expect, it } from 'vitest';
import { environmentProxy, type Environment } from '../../src/core/proxy-environment.ts';

const WSS = 'wss://fstream.binance.com/market';
const HTTPS = 'https://fapi.binance.com';
const ONE = 'http://one.corp:3128';
const OTHER = 'socks5://other.corp:1080';

const nameFor = (url: string, environment: Environment) => environmentProxy(url, environment).proxy?.name;

describe('the proxy of the environment', () => {
  it.each<[string, string, Environment, string | undefined]>([
    ['HTTPS_PROXY for https', HTTPS, { HTTPS_PROXY: ONE }, ONE],
    ['HTTPS_PROXY for wss', WSS, { HTTPS_PROXY: ONE, HTTP_PROXY: OTHER, ALL_PROXY: OTHER }, ONE],
    ['HTTP_PROXY for http', 'http://gateway.corp', { HTTP_PROXY: ONE, HTTPS_PROXY: OTHER }, ONE],
    ['HTTP_PROXY for ws', 'ws://gateway.corp', { HTTP_PROXY: ONE, HTTPS_PROXY: OTHER }, ONE],
    ['ALL_PROXY where there is no other', WSS, { HTTPS_PROXY: '', HTTP_PROXY: ONE, ALL_PROXY: OTHER }, OTHER],
    ['lower case before upper case', WSS, { https_proxy: ONE, HTTPS_PROXY: OTHER }, ONE],
    ['a host without a scheme', WSS, { all_proxy: 'one.corp:3128' }, ONE],
    ['none', WSS, { HTTP_PROXY: ONE }, undefined],
  ])('is %s', (_, url, environment, expected) => expect(nameFor(url, environment)).toBe(expected));

  it.each(['https://localhost:1', 'https://api.localhost', 'ws://127.0.0.1:1', 'ws://127.8.8.8', 'wss://[::1]:1'])(
    'is not for this machine: %s',
    (url) => expect(nameFor(url, { ALL_PROXY: ONE })).toBeUndefined(),
  );

  it.each<[string, string, boolean]>([
    ['*', HTTPS, true],
    ['fapi.binance.com', HTTPS, true],
    ['FAPI.Binance.com', HTTPS, true],
    ['binance.com', HTTPS, true],
    ['.binance.com', HTTPS, true],
    ['*.binance.com', HTTPS, true],
    ['corp, ,binance.com', HTTPS, true],
    ['corp binance.com', HTTPS, true],
    ['nance.com', HTTPS, false],
    ['www.fapi.binance.com', HTTPS, false],
    ['binance.com:443', HTTPS, true],
    ['binance.com:443', WSS, true],
    ['binance.com:8443', HTTPS, false],
    ['binance.com:8443', `${HTTPS}:8443`, true],
    ['10.0.0.7', 'https://10.0.0.7', true],
    ['fd00::7', 'https://[fd00::7]:8443', true],
    ['[fd00::7]:8443', 'https://[fd00::7]:8443', true],
    ['[fd00::7]:443', 'https://[fd00::7]:8443', false],
    ['', HTTPS, false],
  ])('with NO_PROXY=%s leaves out %s: %s', (list, url, isLeftOut) => {
    expect(nameFor(url, { ALL_PROXY: ONE, NO_PROXY: list }) === undefined).toBe(isLeftOut);
    expect(nameFor(url, { ALL_PROXY: ONE, no_proxy: list }) === undefined).toBe(isLeftOut);
  });

  it('that cannot be used is a problem under its name, without its password', () => {
    const { problem, proxy } = environmentProxy(HTTPS, { https_proxy: 'socks4://bot:secret@one.corp' });
    expect(proxy).toBeUndefined();
    expect(problem).toMatch(/^https_proxy: must be an http:\/\/.* URL.*, got another kind of socks4:\/\/ URL$/);
  });
});
