import { afterAll, describe, expect, it, vi } from 'vitest';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { ConfigError, createFeed, type FeedOptions } from 'rx-candles';
import { openStore, record } from 'rx-candles/store';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { hasOpenssl, makeCertificates } from '../../support/certificates.ts';
import { startHttpProxy } from '../../support/proxies.ts';
import { storeFolder } from '../../support/stored.ts';

const MINUTE = 60_000;
const OKX = { venue: 'okx', symbol: 'BTC-USDT', interval: '1m' } as const;
const SERIES = { venue: 'ccxt:okx', symbol: 'BTC/USDT', interval: '1m' } as const;

const open = (exchange: FakeExchange, options: FeedOptions = {}) =>
  createFeed({ venue: 'ccxt:okx', endpoints: exchange.endpoints('okx'), logLevel: 'silent', ...options });

describe('a store, for an exchange of ccxt', () => {
  const folder = storeFolder();
  afterAll(() => {
    folder.remove();
  });

  it('is recorded into, and read before the exchange is asked', async () => {
    const now = Date.now();
    await using exchange = await startFakeExchange({ venues: ['okx'], startAt: now - (now % MINUTE) + MINUTE - 5000 });
    await using store = await openStore(folder.newFile());
    {
      await using feed = open(exchange);
      const recorded$ = record(feed, SERIES, store, { history: 250, batchSize: 250, batchMs: MINUTE });
      expect((await firstValueFrom(recorded$)).candles).toHaveLength(250);
    }
    const asked = exchange.stats.klines.length;
    await using feed = open(exchange, { store });
    const last = (await store.last(SERIES))?.timestamp ?? 0;
    const span = { from: last - 200 * MINUTE, to: last };
    const candles = await lastValueFrom(feed.history$('BTC/USDT', '1m', span).pipe(toArray()));
    const truth = exchange.candles(OKX, span.from, span.to);
    expect(candles.map(({ timestamp, close }) => [timestamp, close])).toEqual(truth.map(({ timestamp, close }) => [timestamp, close])); // prettier-ignore
    expect(exchange.stats.klines).toHaveLength(asked);
  });

  it('that begins later than what is wanted is read behind what the exchange has', async () => {
    await using exchange = await startFakeExchange({ venues: ['okx'], startAt: Date.UTC(2026, 0, 1, 12, 0, 20) });
    await using store = await openStore(folder.newFile());
    const stored = exchange.candles(OKX, Date.UTC(2026, 0, 1, 11), Date.UTC(2026, 0, 1, 11, 30));
    const untold = { quoteVolume: null, trades: null, takerBuyVolume: null, takerBuyQuoteVolume: null };
    await store.append(stored.map((candle) => ({ ...candle, ...untold, ...SERIES })));
    await using feed = open(exchange, { store });
    const warm$ = feed.closedCandles$('BTC/USDT', '1m', { history: 700 }).pipe(take(700), toArray());
    const times = (await lastValueFrom(warm$)).map(({ timestamp }) => timestamp);
    expect(times).toEqual(Array.from({ length: 700 }, (_, at) => Date.UTC(2026, 0, 1, 12) - (700 - at) * MINUTE));
  });
});

describe.runIf(hasOpenssl).concurrent('certificates, for an exchange of ccxt', () => {
  const certificates = hasOpenssl ? makeCertificates('IP:127.0.0.1') : undefined;
  afterAll(() => {
    certificates?.[Symbol.dispose]();
  });
  const { ca = '', cert = '', key = '' } = certificates ?? {};

  const updates = async (exchange: FakeExchange, options: FeedOptions) => {
    await using feed = open(exchange, options);
    return await firstValueFrom(feed.candles$('BTC/USDT', '5m'));
  };

  it.each<[string, FeedOptions]>([
    ['an authority of one’s own', { tls: { ca } }],
    ['whatever certificate there is', { tls: { rejectUnauthorized: false } }],
  ])('are checked against %s, for requests and sockets', async (_, options) => {
    await using exchange = await startFakeExchange({ venues: ['okx'], tls: { cert, key } });
    expect(await updates(exchange, options)).toMatchObject({ symbol: 'BTC/USDT', closed: false });
  });

  it('are checked against it behind a proxy too', async () => {
    await using exchange = await startFakeExchange({ venues: ['okx'], tls: { cert, key } });
    await using proxy = await startHttpProxy();
    await updates(exchange, { tls: { ca }, proxy: `http://${proxy.host}` });
    expect(proxy.asked.length).toBeGreaterThan(1);
  });

  it('are not believed without it', async () => {
    await using exchange = await startFakeExchange({ venues: ['okx'], tls: { cert, key } });
    await using feed = open(exchange, {});
    const waiting = firstValueFrom(feed.bus.on('WAITING'));
    const subscription = feed.candles$('BTC/USDT', '5m').subscribe();
    expect((await waiting).reason).toMatch(/certificate/);
    subscription.unsubscribe();
    expect(exchange.stats.requests.size).toBe(0);
  });
});

it.each<[FeedOptions, RegExp]>([
  [{ connections: 2 }, /^connections: must be 1 for ccxt:okx/],
  [{ tls: { key: '-----BEGIN nothing-----' } }, /^tls: /],
])('%j is a mistake that is told at once', (options, problem) => {
  const create = () => createFeed({ venue: 'ccxt:okx', ...options });
  expect(create).toThrow(ConfigError);
  expect(create).toThrow(expect.objectContaining({ problems: [expect.stringMatching(problem)] }) as Error);
});

it('what has no effect there is warned of, as far as it is set', async () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using feed = createFeed({ venue: 'ccxt:okx', graceMs: 100, rotateAfterMs: 1000, settleMs: 500 });
  await using quiet = createFeed({ venue: 'ccxt:okx', settleMs: 500 });
  const lines = written.mock.calls.map(([text]) => String(text));
  written.mockRestore();
  expect(lines).toEqual([
    expect.stringContaining('WARN rx-candles: graceMs, rotateAfterMs: without effect for ccxt:okx'),
  ]);
  expect(feed.bus).not.toBe(quiet.bus);
});
