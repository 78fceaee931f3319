import { describe, expect, it } from 'vitest';
import { parseProxyUrl, showProxyUrl } from '../../src/core/proxy-url.ts';

describe('parseProxyUrl', () => {
  it.each([
    ['http://proxy.corp:3128', { protocol: 'http', host: 'proxy.corp', port: 3128, login: null }],
    ['http://proxy.corp', { protocol: 'http', port: 80 }],
    ['https://proxy.corp/', { protocol: 'https', port: 443 }],
    ['socks5://proxy.corp', { protocol: 'socks5', port: 1080, name: 'socks5://proxy.corp:1080' }],
    ['socks5h://127.0.0.1:9050', { protocol: 'socks5', host: '127.0.0.1', port: 9050 }],
    ['socks://proxy.corp', { protocol: 'socks5' }],
    ['http://[::1]:3128', { host: '::1', port: 3128, name: 'http://[::1]:3128' }],
    ['socks5://[fe80::1]', { host: 'fe80::1' }],
    ['http://bot:p%40ss%3A@proxy.corp:1', { login: { user: 'bot', password: 'p@ss:' }, name: 'http://proxy.corp:1' }],
    ['http://token@proxy.corp:1', { login: { user: 'token', password: '' } }],
  ])('reads %s', (text, expected) => expect(parseProxyUrl(text)).toMatchObject(expected));

  it.each([
    ['no scheme', 'proxy.corp:3128'],
    ['another scheme', 'socks4://proxy.corp:1080'],
    ['no host', 'socks5://'],
    ['no such port', 'http://proxy.corp:0'],
    ['a path', 'http://proxy.corp:3128/path'],
    ['a query', 'http://proxy.corp:3128?a=1'],
    ['a password that is not encoded', 'http://bot:pa#ss@proxy.corp:3128'],
    ['a % that encodes nothing', 'http://bot:100%@proxy.corp:3128'],
    ['a password too long for SOCKS5', `socks5://bot:${'a'.repeat(256)}@proxy.corp`],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(parseProxyUrl(text)).toBeUndefined());
});

it.each(['bot:secret@proxy.corp:3128', 'ftp://bot:secret@proxy.corp', 'proxy.corp:3128:bot:secret'])(
  'shows nothing of %s that may be secret',
  (text) => expect(showProxyUrl(text)).not.toMatch(/secret|bot|corp/),
);
