import { of } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { serveMetrics } from '../../../src/cli/metrics/serve-metrics.ts';
import type { FeedStatus } from '../../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { figuresOf } from '../../support/exposition.ts';
import { feedStatus, seriesStatus } from '../../support/feed-status.ts';
import { storeFolder } from '../../support/stored.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { turns, until } from '../../support/until.ts';

const VENUE = 'binance-spot';
const folder = storeFolder();
let exchange: FakeExchange;

beforeAll(async () => {
  exchange = await startFakeExchange({ venues: [VENUE] });
});
afterAll(async () => {
  await exchange.close();
  folder.remove();
});

/** Runs a command that serves, until it is stopped; gives back its exit code. */
async function serving(args: readonly string[], use: (url: string) => Promise<void>): Promise<number> {
  const { terminal, stop$, err } = fakeTerminal();
  const { stream, rest } = exchange.endpoints();
  const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
  const ended = run([...args, ...hosts, '--metrics-port', '0'], terminal);
  const urlOf = () => /metrics on (\S+)\/metrics\n/.exec(err())?.[1];
  await until(() => urlOf() !== undefined, 'the address');
  await use(urlOf() ?? '');
  stop$.next();
  return ended;
}

const figures = async (url: string) => figuresOf(await (await fetch(`${url}/metrics`)).text());

describe.each([
  ['record', ['record', 'BTCUSDT', '-i', '1s', '--store', folder.newFile()], 'rx_candles_store_candles_total'],
  ['watch', ['watch', 'BTCUSDT', '-i', '1s', '--json'], 'rx_candles_candles_delivered_total'],
])('rx-candles %s --metrics-port', (_, args, name) => {
  it('serves what it does and how it is, and ends with the command', async () => {
    let address = '';
    const code = await serving(args, async (url) => {
      address = url;
      const counted = `${name}{rx_candles_source="stream",rx_candles_venue="binance-spot"}`;
      while (((await figures(url)).get(counted) ?? 0) < 1) await turns(50);
      const health = await fetch(`${url}/healthz`);
      expect([health.status, health.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(await health.json()).toEqual({ healthy: true, venue: VENUE, series: 1, late: [] });
      expect((await figures(url)).has('nodejs_eventloop_lag_seconds{}')).toBe(true);
    });
    expect(code).toBe(0);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });
});

describe('the pages', () => {
  async function pages(status: FeedStatus, use: (url: string) => Promise<void>, metricsHost = '127.0.0.1') {
    let said = '';
    const served = await serveMetrics({ feed: { status$: of(status) } }, { metricsPort: 0, metricsHost }, (line) => (said = line)); // prettier-ignore
    await use(/http\S+(?=\/metrics)/.exec(said)?.[0] ?? '');
    served.unsubscribe();
  }

  it('of a feed with a late series answer 503, and say which one it is and why', async () => {
    const reason = 'REST: network: connect ECONNREFUSED 127.0.0.1:443';
    const late = seriesStatus({ symbol: 'ETHUSDT', interval: '5m', lateMs: 90_000, reason });
    await pages(feedStatus({ series: [seriesStatus(), late] }), async (url) => {
      const health = await fetch(`${url}/healthz`);
      expect(health.status).toBe(503);
      const told = { symbol: 'ETHUSDT', interval: '5m', lateMs: 90_000, reason };
      expect(await health.json()).toEqual({ healthy: false, venue: 'binance-spot', series: 2, late: [told] });
    });
  });

  it('answer to what there is, and take nothing but questions', async () => {
    await pages(feedStatus(), async (url) => {
      const other = await fetch(`${url}/`);
      expect([other.status, await other.text()]).toEqual([404, 'there is /metrics and /healthz\n']);
      expect((await fetch(`${url}/healthz?a=b`)).status).toBe(200);
      expect((await fetch(`${url}/constructor`)).status).toBe(404);
      const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    });
  });

  it('are not served twice at one address, which is told in words', async () => {
    await pages(feedStatus(), async (url) => {
      const metricsPort = Number(new URL(url).port);
      const feed = { status$: of(feedStatus()) };
      await expect(serveMetrics({ feed }, { metricsPort, metricsHost: '127.0.0.1' }, () => undefined)).rejects.toThrow(
        `cannot serve metrics on 127.0.0.1 port ${String(metricsPort)}: another program uses it; choose another --metrics-port`,
      );
    });
  });

  it('can be served elsewhere', async () => {
    await pages(feedStatus(), async (url) => expect((await fetch(`${url}/healthz`)).status).toBe(200), '0.0.0.0');
  });
});

it('refuses what is no port', async () => {
  const { terminal, err } = fakeTerminal();
  expect(await run(['watch', 'BTCUSDT', '--metrics-port', '70000'], terminal)).toBe(2);
  expect(err()).toContain('it must be a port: a whole number up to 65535');
});
