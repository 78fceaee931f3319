import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createFeed, type VenueId } from 'rx-candles';
import { startScriptedServer } from '../support/scripted-server.ts';
import { until as soon } from '../support/until.ts';
import { expectWhole, hear, rig, until } from './rig.ts';

const VENUE = 'binance-spot';

describe.concurrent('a host with limits of its own', () => {
  it('is asked no more than it allows, although the venue documents a hundred times as much', async () => {
    // Twelve seconds before a minute ends; a request weighs more here than documented, and the header says so.
    await using r = await rig({
      exchange: { startAt: Date.UTC(2026, 10, 22, 11, 58, 48), weightLimit: 60, restWeights: { klines: 5 } },
    });
    const heard = r.listen('BTCUSDT', '1s', { history: 9000 });
    await heard.count(9001, 40_000);
    expect(r.exchange.stats.limitBreaks).toEqual([]);
    const [first, last] = [r.exchange.stats.klines.at(0), r.exchange.stats.klines.at(-1)];
    const minuteOf = (at = 0) => Math.floor(at / 60_000);
    expect(minuteOf(last?.at)).toBe(minuteOf(first?.at) + 1);
    expectWhole(heard.candles, r.exchange, { venue: VENUE, symbol: 'BTCUSDT', interval: '1s' });
  });

  it('that bans only in words is not asked before the time it names', async () => {
    await using r = await rig();
    const until418 = r.exchange.now() + 3500;
    const msg = `Way too much request weight used; IP banned until ${until418}. Please use the websocket for live updates to avoid bans.`;
    r.exchange.faults.rest.fail(418, { next: 1, body: JSON.stringify({ code: -1003, msg }) });
    const heard = r.listen('BTCUSDT', '1s', { history: 2 });
    const asked = () => [...r.exchange.stats.requests.values()].reduce((sum, { count }) => sum + count, 0);
    await until(() => asked() > 0, 'the first request');
    // Time and symbols are asked for side by side: one of the two is told of the ban.
    await until(() => r.exchange.now() > until418 - 300, 'the ban to be nearly over');
    expect(asked()).toBeLessThanOrEqual(2);
    await heard.count(3);
    expectWhole(heard.candles, r.exchange, { venue: VENUE, symbol: 'BTCUSDT', interval: '1s' });
  });
});

it('is asked by all feeds of a process together for six things at a time', async () => {
  await using server = await startScriptedServer(() => undefined);
  const venues: readonly VenueId[] = ['binance-spot', 'binance-usdm', 'binance-coinm', 'binance-usdm'];
  const feeds = venues.map((venue) =>
    createFeed({ venue, endpoints: { stream: 'ws://127.0.0.1:1', rest: server.url }, logLevel: 'silent' }),
  );
  // Each asks for the time and the symbols at once.
  const heard = feeds.map((feed) => hear(feed, 'BTCUSDT', { interval: '1m' }));
  await soon(() => server.requests.length === 6);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.requests).toHaveLength(6);
  heard[0]?.stop();
  await soon(() => server.requests.length === 8);
  await Promise.all(feeds.map((feed) => feed.close()));
  await soon(() => server.sockets.size === 0);
});

it('has its sockets kept while the feed has subscribers, and closed within a second after', async () => {
  await using r = await rig({ feed: { graceMs: 20_000 } });
  const heard = r.listen('BTCUSDT', '1s', { history: 2 });
  await heard.count(3);
  // A request of now: where nothing was asked for five seconds the exchange itself hangs up.
  const now = r.exchange.now();
  await lastValueFrom(r.feed.history$('BTCUSDT', '1s', { from: now - 10_000, to: now - 5000 }));
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  // Both ends of the stream, and the exchange's of the request: Node does not count one that waits to be used again.
  expect(sockets()).toBeGreaterThanOrEqual(3);
  heard.stop();
  await until(() => sockets() === 0, 'all sockets to be closed', 1000);
});
