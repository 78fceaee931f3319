import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { createFeed, type ReconnectExhaustedError, type EventOf, type FeedEvent, type FeedOptions } from 'rx-candles';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpClient } from '../../src/adapters/http.ts';
import { networkOf } from '../../src/adapters/network.ts';
import type { Endpoints } from '../../src/ports/endpoints.ts';
import { failureOf } from '../support/rest-rows.ts';
import { buildPackage, type Built } from '../support/built.ts';
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
  let built: Built;
  beforeAll(async () => {
    certificates = makeCertificates(`DNS:${PROXIED_HOST},IP:127.0.0.1`);
    const { cert, key } = certificates;
    exchange = await startFakeExchange({ tls: { cert, key } });
    built = buildPackage();
  });
  afterAll(async () => {
    await exchange.close();
    certificates[Symbol.dispose]();
    built.remove();
  });

  /** By a name that only the proxy can look up. */
  const settingsBehind = (options: FeedOptions) => {
    const { stream, rest } = exchange.endpoints('binance-spot');
    const endpoints = { stream: byName(stream), rest: byName(rest), ...options.endpoints } as Endpoints;
    return {
      venue: 'binance-spot',
      tls: { ca: certificates.ca },
      reconnect: QUICK,
      ...PATIENT,
      ...options,
      endpoints,
    } as const;
  };

  it.each<[string, () => Promise<RunningProxy>, string]>([
    ['an HTTP proxy', () => startHttpProxy(), 'http://'],
    ['an HTTP proxy with a password', () => startHttpProxy({ login: LOGIN }), `http://${LOGIN.user}:${SECRET}@`],
    ['a SOCKS5 proxy', () => startSocksProxy(), 'socks5://'],
    ['a SOCKS5 proxy with a password', () => startSocksProxy({ login: LOGIN }), `socks5h://${LOGIN.user}:${SECRET}@`],
  ])('history and live candles come through %s, and nothing goes past it', async (_, start, scheme) => {
    await using proxy = await start();
    await midSecond(exchange);
    const feed = createFeed(settingsBehind({ proxy: `${scheme}${proxy.host}` }));
    const heard = hear(feed, 'BTCUSDT', { interval: '1s', from: { history: 3 } });
    await heard.fromStream();
    await feed.close();
    expectWhole(heard.candles, exchange, SERIES);
    expect(heard.candles[0]?.source).toBe('history');
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(byName(exchange.endpoints().rest)).host]));
    expect([...exchange.stats.peers]).toEqual([PROXY_ADDRESS]);
  });

  it.each<[string, () => Promise<RunningProxy>, Partial<FeedOptions>, string, RegExp]>([
    [
      'a wrong password',
      () => startHttpProxy({ login: LOGIN }),
      { proxy: 'http://bot:wr0ng@HOST' },
      'proxy',
      /^the proxy http:\/\/127[\d.:]+ refuses its user or password \(HTTP 407 from the proxy\)$/,
    ],
    [
      'a wrong password for SOCKS5',
      () => startSocksProxy({ login: LOGIN }),
      { proxy: 'socks5://bot:wr0ng@HOST' },
      'proxy',
      /^the proxy socks5:\/\/127[\d.:]+ refuses its user or password/,
    ],
    [
      'a dead proxy',
      deadProxy,
      { proxy: 'http://bot:wr0ng@HOST' },
      'proxy',
      /^the proxy http:\/\/127[\d.:]+ cannot be reached: connect ECONNREFUSED/,
    ],
    [
      'a proxy that cannot reach the exchange',
      () => startHttpProxy(),
      {
        proxy: 'http://bot:wr0ng@HOST',
        endpoints: { stream: 'wss://exchange.test:1', rest: 'https://exchange.test:1' },
      },
      'proxy',
      /^the proxy http:\/\/127[\d.:]+ .* exchange\.test:1 \(/,
    ],
    [
      'a certificate that is not trusted',
      () => startHttpProxy(),
      { proxy: 'http://bot:wr0ng@HOST', tls: {} },
      'certificate',
      /^the certificate of exchange\.test:\d+ is not trusted \(.+\); set tls\.ca or NODE_EXTRA_CA_CERTS/,
    ],
  ])('%s is told by stream and REST alike, and the password by nobody', async (_, start, options, reason, words) => {
    await using proxy = await start();
    const reconnect = { ...QUICK, maxRetries: 1 };
    const url = String(options.proxy).replace('HOST', proxy.host);
    const settings = settingsBehind({ ...options, proxy: url });
    await using feed = createFeed({ ...settings, reconnect, logLevel: 'silent' });
    const events: FeedEvent[] = [];
    feed.bus.events$.subscribe((event) => events.push(event));
    const heard = hear(feed, 'BTCUSDT', { interval: '1s' });
    await heard.ended();
    expect(heard.error).toMatchObject({ code: 'FEED_RECONNECT_EXHAUSTED' });
    const { cause } = heard.error as ReconnectExhaustedError;
    expect(cause).toMatchObject({ reason, status: 0, message: expect.stringMatching(words) as string });
    const reconnecting = events.find((event): event is EventOf<'RECONNECTING'> => event.type === 'RECONNECTING');
    expect(reconnecting).toMatchObject({ reason, detail: (cause as Error).message });

    const rest = httpClient({ timeoutMs: 5000, ...networkOf(settings, settings.endpoints).rest });
    const failure = await failureOf(rest.get$(`${settings.endpoints.rest}/api/v3/time`));
    rest.close();
    expect(failure).toMatchObject({ failure: reason, status: 0, message: expect.stringMatching(words) as string });
    expect(inspect([heard.error, failure, events], { depth: 20, showHidden: true })).not.toContain('wr0ng');
  });

  it('the environment alone is enough: the proxy, its password, and the authority', async () => {
    await using proxy = await startHttpProxy({ login: LOGIN });
    const { code, out, err } = await watch(['--log-level', 'info'], {
      HTTPS_PROXY: `http://${LOGIN.user}:${SECRET}@${proxy.host}`,
      NODE_EXTRA_CA_CERTS: certificates.caFile,
    });
    expect([code, out.split('\n').length - 1]).toEqual([0, 2]);
    expect(err).toContain(`stream and REST go through the proxy http://${proxy.host} (HTTPS_PROXY)`);
    expect(err).not.toMatch(new RegExp(`${SECRET}|${LOGIN.password}`));
    expect(proxy.asked.length).toBeGreaterThan(1);
  });

  it('so is config.yaml, with the authority in a file beside it; --proxy takes the place of its proxy', async () => {
    await using proxy = await startSocksProxy();
    const config = join(dirname(certificates.caFile), 'config.yaml');
    writeFileSync(config, 'proxy: http://127.0.0.1:1\ntls: { ca: ca.pem }\n');
    const { code, out } = await watch(['--config', config, '--proxy', `socks5://${proxy.host}`], {});
    expect([code, out.split('\n').length - 1]).toEqual([0, 2]);
    expect(proxy.asked.length).toBeGreaterThan(1);
  });

  /** A program of its own, which prints the last closed candle and the next one. */
  async function watch(options: readonly string[], env: Readonly<Record<string, string>>) {
    const { stream, rest } = exchange.endpoints('binance-spot');
    const hosts = ['--venue', 'binance-spot', '--stream-url', byName(stream), '--rest-url', byName(rest)];
    const what = ['watch', 'BTCUSDT', '--interval', '1s', '--history', '1', '--count', '2'];
    const child = spawn(process.execPath, [built.cli, ...what, ...hosts, ...options], {
      env: { PATH: process.env['PATH'], ...env },
    });
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { code, out, err };
  }
});

async function deadProxy(): Promise<RunningProxy> {
  const proxy = await startHttpProxy();
  await proxy[Symbol.asyncDispose]();
  return { ...proxy, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function byName(url: string): string {
  return url.replace('127.0.0.1', PROXIED_HOST);
}
