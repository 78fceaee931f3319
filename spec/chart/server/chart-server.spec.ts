import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { About, ListedSymbol, Past, Point } from '../../../src/chart/wire.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { CHART_VENUE, closedIn, startChartOn, valuesOf, type ChartRig } from '../../support/chart.ts';
import { openEventPage, type EventPage } from '../../support/event-stream.ts';
import { until } from '../../support/until.ts';

const KEY = 'BTCUSDT:1s';
const SECOND = { venue: CHART_VENUE, symbol: 'BTCUSDT', interval: '1s' } as const;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function ask(url: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.once('error', reject).end();
  });
}

const pointsOf = (page: EventPage, key = KEY): readonly Point[] =>
  page.of('points').filter(({ series }) => series === key).flatMap(({ points }) => points); // prettier-ignore
const streamUrl = (rig: ChartRig, ...keys: string[]) =>
  `${rig.server.url}api/stream?${new URLSearchParams(keys.map((key): [string, string] => ['series', key])).toString()}`;

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT'];

/** Side by side: most of the time is waiting. */
describe.concurrent('the chart server', () => {
  let exchange: FakeExchange;
  let rig: ChartRig;
  beforeAll(async () => {
    exchange = await startFakeExchange({
      venues: [CHART_VENUE], seed: 3, updatesPerSecond: 4, symbols: { [CHART_VENUE]: SYMBOLS },
    }); // prettier-ignore

    rig = await startChartOn(exchange);
  });
  afterAll(async () => {
    await rig.close();
    await exchange.close();
  });
  const get = async <T>(path: string): Promise<T> => JSON.parse((await ask(rig.server.url + path)).text) as T;

  it('serves the page and nothing else of its folder, under a strict policy', async () => {
    const { status, headers, text } = await ask(rig.server.url);
    expect([status, text]).toEqual([200, expect.stringContaining('<!doctype html>')]);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    for (const path of ['secret.ts', '%2e%2e/package.json', '..%2fpackage.json', 'api/none'])
      expect((await ask(rig.server.url + path)).status, path).toBe(404);
  });

  it.each([{ host: 'evil.example' }, { origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'answers 403 to %j, whatever is asked',
    async (headers) => {
      for (const path of ['', 'api/about', `api/stream?series=${KEY}`, 'api/symbols'])
        expect((await ask(rig.server.url + path, { headers: { ...headers } })).status, path).toBe(403);
    },
  );

  it('only shows, and listens on loopback alone', async () => {
    expect((await ask(rig.server.url, { method: 'POST' })).status).toBe(405);
    expect(await ask(rig.server.url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter(({ internal }) => !internal); // prettier-ignore
    for (const { address } of others.filter(({ family }) => family === 'IPv4'))
      await expect(ask(rig.server.url.replace('127.0.0.1', address))).rejects.toThrow(/ECONNREFUSED/);
  });

  it('tells what was asked for, and what the market lists', async () => {
    expect(await get<About>('api/about')).toEqual({ venue: CHART_VENUE, series: [KEY] });
    const symbols = await get<readonly ListedSymbol[]>('api/symbols');
    expect(symbols.find(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject({ base: 'BTC', isTrading: true });
  });

  it('sends a thousand closed candles that are the exchange’s, then the running one as it moves', async () => {
    const page = await openEventPage(streamUrl(rig, KEY));
    await until(() => closedIn(pointsOf(page)).some(({ source }) => source === 'stream'));
    const closed = closedIn(pointsOf(page));
    expect(closed.length).toBeGreaterThanOrEqual(1000);
    const [first, last] = [closed[0], closed.at(-1)];
    expect(valuesOf(closed)).toEqual(
      valuesOf(exchange.candles(SECOND, first?.timestamp ?? 0, (last?.timestamp ?? 0) + 1)),
    );
    expect(page.of('points').map(({ restart }) => restart).indexOf(true)).toBe(0); // prettier-ignore
    await until(() => pointsOf(page).some((point) => 'closed' in point && !point.closed));
    await until(() => page.of('feed').at(-1)?.connection === 'connected');
    page.close();
  });

  it('goes on where a page was that comes again, and asks the exchange for none of it again', async () => {
    const key = 'BNBUSDT:1s';
    // On a busy machine a late close is fetched meanwhile; that is a few rows.
    const asked = () => exchange.stats.klines.filter(({ symbol, rows }) => symbol === 'BNBUSDT' && rows > 100).length;
    const first = await openEventPage(streamUrl(rig, key));
    await until(() => closedIn(pointsOf(first, key)).length >= 1000);
    const mark = closedIn(pointsOf(first, key)).at(-1)?.timestamp ?? 0;
    const id = first.lastId();
    first.close();
    const before = asked();
    const again = await openEventPage(streamUrl(rig, key), { 'Last-Event-ID': id });
    await until(() => closedIn(pointsOf(again, key)).length >= 2);
    expect(closedIn(pointsOf(again, key))[0]?.timestamp).toBe(mark + 1000);
    expect(again.of('points').every(({ restart }) => !restart)).toBe(true);
    expect(asked()).toBe(before);
    again.close();
  });

  it('shares one subscription and one reading of the past among many pages', async () => {
    // On a busy machine late closes are fetched meanwhile; those are a few rows.
    const asked = () => exchange.stats.klines.filter(({ symbol, rows }) => symbol === 'ETHUSDT' && rows > 100).length;
    const pages = await Promise.all(Array.from({ length: 12 }, () => openEventPage(streamUrl(rig, 'ETHUSDT:1s'))));
    await until(() => pages.every((page) => closedIn(pointsOf(page, 'ETHUSDT:1s')).length >= 1000));
    // The answer itself, and what confirms its newest rows: as for one page.
    expect(asked()).toBeLessThanOrEqual(4);
    await until(() => exchange.stats.connections === 1);
    pages.forEach((page) => page.close());
  });

  it('draws lengths that no exchange has', async () => {
    const page = await openEventPage(streamUrl(rig, 'SOLUSDT:7s'));
    await until(() => pointsOf(page, 'SOLUSDT:7s').length >= 1000);
    const closed = closedIn(pointsOf(page, 'SOLUSDT:7s'));
    const { timestamp = 0, open, close } = closed.at(-1) ?? {};
    const parts = exchange.candles({ ...SECOND, symbol: 'SOLUSDT' }, timestamp, timestamp + 7000);
    expect([timestamp % 7000, open, close]).toEqual([0, parts[0]?.open, parts[6]?.close]);
    page.close();
  });

  it('tells of a series that cannot be drawn, and goes on with the others', async () => {
    const page = await openEventPage(streamUrl(rig, 'NOSUCH:1m', 'BTCUSDT:7x', KEY));
    await until(() => page.of('trouble').length === 2 && pointsOf(page).length >= 1000);
    const troubles = new Map(page.of('trouble').map(({ series, code, message }) => [series, `${code} ${message}`]));
    expect(troubles.get('NOSUCH:1m')).toMatch(/^FEED_UNKNOWN_SYMBOL .*does not list the symbol "NOSUCH"/);
    expect(troubles.get('BTCUSDT:7x')).toMatch(/^FEED_UNSUPPORTED_INTERVAL .*like 7m/);
    page.close();
  });

  it.each(['1s', '30s', '1m'])('reads the %s candles before a time, as far as there are any', async (interval) => {
    const before = exchange.now() - (exchange.now() % 60_000) - 3_600_000;
    const past = await get<Past>(`api/past?series=BTCUSDT:${interval}&before=${before}&count=50`);
    const closed = closedIn(past.points);
    expect([closed.length, past.more, (closed.at(-1)?.closeTime ?? 0) + 1]).toEqual([50, true, before]);
    if (interval === '30s') return;
    const truth = exchange.candles({ ...SECOND, interval: interval as '1s' }, closed[0]?.timestamp ?? 0, before);
    expect(valuesOf(closed)).toEqual(valuesOf(truth));
  });

  it('says what is wrong with a request', async () => {
    const { status, text } = await ask(`${rig.server.url}api/past?series=BTCUSDT:1x&before=1`);
    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ code: 'FEED_UNSUPPORTED_INTERVAL' })]);
    const many = Array.from({ length: 41 }, (_, index) => `series=S${String(index)}:1m`).join('&');
    expect((await ask(`${rig.server.url}api/stream?${many}`)).status).toBe(400);
  });

  it('names the port that is taken', async () => {
    const port = Number(new URL(rig.server.url).port);
    await expect(startChartOn(exchange, { port })).rejects.toThrow(`port ${String(port)} is taken`);
  });
});

describe('a gap', () => {
  it('is shown in its place, with the running candle behind it, and heals', async () => {
    await using exchange = await startFakeExchange({ venues: [CHART_VENUE], seed: 4, updatesPerSecond: 10 });
    const rig = await startChartOn(exchange);
    const page = await openEventPage(streamUrl(rig, KEY));
    await until(() => closedIn(pointsOf(page)).some(({ source }) => source === 'stream'));
    const fault = exchange.faults.rest.fail(503, { match: ({ kind }) => kind === 'klines' });
    exchange.faults.stream.loseCloses({ next: 2 });
    const closedAt = (time: number) => closedIn(pointsOf(page)).find(({ timestamp }) => timestamp === time);
    const holes = () => pointsOf(page).filter((point) => 'hole' in point && point.hole === 'fetching');
    // A close that is only late may be shown as a gap too, for a moment.
    const lost = () => holes().find(({ timestamp }) => closedAt(timestamp) === undefined)?.timestamp ?? Infinity;
    await until(() => pointsOf(page).some((point) => 'closed' in point && point.timestamp > lost() + 1000));
    await until(() => /^fetching candles of BTCUSDT 1s: /.test(page.of('feed').at(-1)?.detail ?? ''));
    const gap = lost();
    fault.stop();
    await until(() => closedAt(gap) !== undefined);
    expect(valuesOf([closedAt(gap)].flatMap((one) => one ?? []))).toEqual(
      valuesOf(exchange.candles(SECOND, gap, gap + 1)),
    );
    expect(closedAt(gap)?.source).toBe('backfill');
    page.close();
    await rig.close();
  });
});
