import type { FeedOptions } from 'rx-candles';
import { createFeed } from 'rx-candles';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, makeCertificates, type Certificates } from '../support/certificates.ts';
import { PROXIED_HOST, PROXY_ADDRESS, startHttpProxy, startSocksProxy, type RunningProxy } from '../support/proxies.ts';
import { PATIENT, QUICK, expectWhole, hear, midSecond } from './rig.ts';

const SERIES = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
/** Characters that a URL has to encode. */
const LOGIN = { user: 'bot', password: 'p@ss:w/rd' };
const SECRET = encodeURIComponent(LOGIN.password);

describe.runIf(hasOpenssl).concurrent('behind a proxy', () => {
  let certificates: Certificates;
  let exchange: FakeExchange;
  beforeAll(async () => {
    certificates = makeCertificates(`DNS:${PROXIED_HOST},IP:127.0.0.1`);
    const { cert, key } = certificates;
    exchange = await startFakeExchange({ tls: { cert, key } });
  });
  afterAll(async () => {
    await exchange.close();
    certificates[Symbol.dispose]();
  });

  /** By a name that only the proxy can look up. */
  const feedBehind = (options: FeedOptions) => {
    const { stream, rest } = exchange.endpoints('binance-spot');
    const endpoints = { stream: byName(stream), rest: byName(rest) };
    const { ca } = certificates;
    return createFeed({ venue: 'binance-spot', endpoints, tls: { ca }, reconnect: QUICK, ...PATIENT, ...options });
  };

  it.each<[string, () => Promise<RunningProxy>, string]>([
    ['an HTTP proxy', () => startHttpProxy(), 'http://'],
    ['an HTTP proxy with a password', () => startHttpProxy({ login: LOGIN }), `http://${LOGIN.user}:${SECRET}@`],
    ['a SOCKS5 proxy', () => startSocksProxy(), 'socks5://'],
    ['a SOCKS5 proxy with a password', () => startSocksProxy({ login: LOGIN }), `socks5h://${LOGIN.user}:${SECRET}@`],
  ])('history and live candles come through %s, and nothing goes past it', async (_, start, scheme) => {
    await using proxy = await start();
    await midSecond(exchange);
    const feed = feedBehind({ proxy: `${scheme}${proxy.host}` });
    const heard = hear(feed, 'BTCUSDT', { interval: '1s', from: { history: 3 } });
    await heard.fromStream();
    await feed.close();
    expectWhole(heard.candles, exchange, SERIES);
    expect(heard.candles[0]?.source).toBe('history');
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(byName(exchange.endpoints().rest)).host]));
    expect([...exchange.stats.peers]).toEqual([PROXY_ADDRESS]);
  });
});

function byName(url: string): string {
  return url.replace('127.0.0.1', PROXIED_HOST);
}
