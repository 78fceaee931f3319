import type { Socket } from 'node:net';
import { defer, retry, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { GeoBlockedError, ReconnectExhaustedError, UnknownSymbolError, type Candle } from 'rx-candles';
import { httpClient } from '../../src/adapters/http.ts';
import { monotonicScheduler } from '../../src/adapters/clock.ts';
import { restSource } from '../../src/feed/rest/rest-source.ts';
import { SharedRest } from '../../src/feed/rest/shared-rest.ts';
import { VENUES } from '../../src/venues/registry.ts';
import { failureOf, valueOf } from '../support/rest-rows.ts';
import { saying, startScriptedServer } from '../support/scripted-server.ts';
import { expectWhole, rig, until, type Rig } from './rig.ts';

const BTC = { venue: 'binance-spot', symbol: 'BTCUSDT', interval: '1s' } as const;
/** Delay unit of these specs, ms. */
const UNIT = 30;
const RETRIES = { initialDelayMs: UNIT, multiplier: 2, maxDelayMs: 60_000, maxRetries: 5, jitter: false } as const;

const retriesOf = (r: Rig) =>
  r.of('RECONNECTING').map(({ attempt, delayMs, reason }) => ({ attempt, units: delayMs / UNIT, reason }));

/** When each handshake was asked for, ms. */
function handshakeTimes(r: Rig): number[] {
  const times: number[] = [];
  r.exchange.faults.stream.delayHandshake(0, {
    match: () => {
      times.push(performance.now());
      return false;
    },
  });
  return times;
}

describe.concurrent('a server that refuses', () => {
  it('is asked again after 1, 2, 4, … units, and given up with a typed error', async () => {
    await using r = await rig({ feed: { reconnect: RETRIES } });
    const times = handshakeTimes(r);
    r.exchange.faults.stream.refuse(503);
    const heard = r.listen('BTCUSDT', '1M');
    await heard.ended();
    expect(heard.error).toBeInstanceOf(ReconnectExhaustedError);
    expect(heard.error).toMatchObject({ code: 'FEED_RECONNECT_EXHAUSTED', attempts: 5, lastTimestamp: undefined });
    expect(retriesOf(r)).toEqual(
      [1, 2, 4, 8, 16].map((units, index) => ({ attempt: index + 1, units, reason: 'refused' })),
    );
    const { host } = new URL(r.exchange.endpoints(r.venue).stream);
    const why = 'the handshake was answered with HTTP 503';
    expect(r.of('RECONNECTING')[0]).toMatchObject({ url: expect.stringContaining(host) as string, detail: why });
    expect((heard.error as Error).message).toContain(`without data from ${host}: ${why}; `);
    const waited = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times.length).toBe(6);
    for (const [index, ms] of waited.entries()) expect(ms).toBeGreaterThan(UNIT * 2 ** index - 2);
    expect(r.of('CONNECTED')).toEqual([]);
    expect(r.of('DISCONNECTED')).toEqual([]);
  });

  it('refuses TCP altogether: the same', async () => {
    await using r = await rig({ feed: { reconnect: { ...RETRIES, maxRetries: 2 } } });
    r.exchange.faults.stream.refuseTcp(60_000);
    const heard = r.listen('BTCUSDT', '1s');
    await heard.ended();
    expect(heard.error).toMatchObject({ code: 'FEED_RECONNECT_EXHAUSTED', attempts: 2 });
    expect(retriesOf(r).map(({ units }) => units)).toEqual([1, 2]);
  });

  it('tells each subscriber the last candle it was given', async () => {
    await using r = await rig({ feed: { reconnect: RETRIES } });
    const [early, late] = [r.listen('BTCUSDT', '1s'), r.listen('ETHUSDT', '1M')];
    await early.fromStream();
    r.exchange.faults.stream.refuse(503);
    r.exchange.faults.stream.drop();
    await Promise.all([early.ended(), late.ended()]);
    expect(early.error).toMatchObject({ attempts: 5, lastTimestamp: early.candles.at(-1)?.timestamp });
    expect(late.error).toMatchObject({ attempts: 5, lastTimestamp: undefined });
    expect(retriesOf(r).map(({ attempt, reason }) => `${attempt} ${reason}`)).toEqual([
      '1 closed by peer', '2 refused', '3 refused', '4 refused', '5 refused',
    ]); // prettier-ignore
    expectWhole(early.candles, r.exchange, BTC);
  });

  it('is gone on with where it stopped by defer, retry and since, without a hole', async () => {
    await using r = await rig({ feed: { reconnect: { ...RETRIES, maxRetries: 2 } } });
    const candles: Candle[] = [];
    let since: number | undefined;
    let rounds = 0;
    const resumed$ = defer(() => r.feed.closedCandles$('BTCUSDT', '1s', { since })).pipe(
      retry({
        delay: (error: unknown) => {
          if (!(error instanceof ReconnectExhaustedError)) throw error;
          since = error.lastTimestamp ?? since;
          rounds += 1;
          return timer(300);
        },
      }),
    );
    const subscription = resumed$.subscribe((candle) => candles.push(candle));
    await until(() => candles.at(-1)?.source === 'stream');
    r.exchange.faults.stream.refuse(503);
    r.exchange.faults.stream.drop();
    await until(() => rounds >= 4);
    r.exchange.faults.stream.clear();
    const had = candles.length;
    await until(() => candles.length >= had + 3 && candles.at(-1)?.source === 'stream', 'more candles');
    subscription.unsubscribe();
    expectWhole(candles, r.exchange, BTC);
    expect(candles.some(({ source }) => source === 'backfill')).toBe(true);
    expect(candles.some(({ source }) => source === 'history')).toBe(false);
  });
});

describe.concurrent('a server that accepts and hangs up', () => {
  it.each([
    ['open', undefined],
    ['open', 1000],
    ['ack', undefined],
    ['ack', 1001],
  ] as const)('after the %s, code %s, is backed off too', async (after, code) => {
    await using r = await rig({ feed: { reconnect: RETRIES } });
    r.exchange.faults.stream.flap(after, code === undefined ? {} : { code });
    const heard = r.listen('BTCUSDT', '1m');
    await heard.ended();
    expect(heard.error).toMatchObject({ code: 'FEED_RECONNECT_EXHAUSTED', attempts: 5 });
    expect(retriesOf(r).map(({ units }) => units)).toEqual([1, 2, 4, 8, 16]);
    expect(r.of('DISCONNECTED').map(({ reason }) => reason)).toEqual(Array(6).fill('closed by peer'));
    if (code !== undefined) expect(r.of('DISCONNECTED')[0]?.closeCode).toBe(code);
  });

  it('costs nothing when it stops doing so, and data sets the count back', async () => {
    await using r = await rig({ feed: { reconnect: RETRIES } });
    r.exchange.faults.stream.flap('ack', { next: 3 });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    r.exchange.faults.stream.flap('open', { next: 2 });
    r.exchange.faults.stream.drop();
    await until(() => r.of('CONNECTED').length === 7);
    await heard.fromStream();
    await heard.more(2);
    expect(retriesOf(r).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 2, 3]);
    expectWhole(heard.candles, r.exchange, BTC);
  });
});

describe.concurrent('a handshake', () => {
  it('answered with 429 is not asked for again before Retry-After is over', async () => {
    await using r = await rig();
    const times = handshakeTimes(r);
    r.exchange.faults.stream.refuse(429, { next: 1, retryAfter: 2 });
    const heard = r.listen('BTCUSDT', '1s');
    await heard.fromStream();
    expect(r.of('RECONNECTING').map(({ delayMs }) => delayMs)).toEqual([expect.toSatisfy((ms: number) => ms >= 2000)]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2000);
    expectWhole(heard.candles, r.exchange, BTC);
  });

  it('answered with 418 holds back the feed’s other connections too', async () => {
    const symbols = Array.from({ length: 250 }, (_, index) => `S${index}USDT`);
    await using r = await rig({ exchange: { symbols: { 'binance-spot': symbols } } });
    const times = handshakeTimes(r);
    r.exchange.faults.stream.refuse(418, { next: 2, retryAfter: 1 });
    const heard = symbols.map((symbol) => r.listen(symbol, '1m'));
    await until(() => r.of('CONNECTED').length === 2);
    expect(times.length).toBe(4);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(heard.every(({ error }) => error === undefined)).toBe(true);
  });

  it('answered with 451 is final', async () => {
    await using r = await rig();
    const times = handshakeTimes(r);
    r.exchange.faults.stream.refuse(451);
    const heard = r.listen('BTCUSDT', '1s');
    await heard.ended();
    expect(heard.error).toBeInstanceOf(GeoBlockedError);
    expect(heard.error).toMatchObject({
      code: 'FEED_GEO_BLOCKED',
      url: expect.stringContaining('ws://127.0.0.1') as string,
    });
    expect(times.length).toBe(1);
    expect(r.of('RECONNECTING')).toEqual([]);
  });
});

describe.concurrent('REST that refuses the location (451)', () => {
  /** Twelve seconds before a minute ends: by then the stream is there, however busy the machine. */
  const BEFORE_A_MINUTE = { venue: 'binance-usdm', exchange: { startAt: Date.UTC(2026, 10, 22, 11, 58, 48) } } as const;
  const CLOSING = Date.UTC(2026, 10, 22, 11, 58);

  it('is no matter while the stream delivers', async () => {
    await using r = await rig(BEFORE_A_MINUTE);
    r.exchange.faults.rest.fail(451);
    const heard = r.listen('BTCUSDT', '1m');
    await heard.count(1);
    expect(heard.candles[0]).toMatchObject({ timestamp: CLOSING, source: 'stream' });
    expectWhole(heard.candles, r.exchange, { symbol: 'BTCUSDT', interval: '1m' });
  });

  it('ends a series that needs its past, and no other', async () => {
    await using r = await rig(BEFORE_A_MINUTE);
    r.exchange.faults.rest.fail(451);
    const [warm, live] = [r.listen('BTCUSDT', '1m', { history: 3 }), r.listen('BTCUSDT', '1m')];
    await warm.ended();
    expect(warm.error).toBeInstanceOf(GeoBlockedError);
    expect(warm.error).toMatchObject({ url: r.exchange.endpoints().rest, lastTimestamp: undefined });
    await live.count(1);
    expectWhole(live.candles, r.exchange, { symbol: 'BTCUSDT', interval: '1m' });
  });

  it('ends a series that lost a close', async () => {
    await using r = await rig({ ...BEFORE_A_MINUTE, feed: { graceMs: 300 } });
    r.exchange.faults.rest.fail(451);
    r.exchange.faults.stream.loseCloses({ next: 1 });
    const heard = r.listen('BTCUSDT', '1m');
    await heard.ended();
    expect(heard.error).toBeInstanceOf(GeoBlockedError);
    expect(heard.candles).toEqual([]);
  });

  it('that only forbids the symbol list lets an unknown symbol be found later', async () => {
    await using r = await rig();
    const fault = r.exchange.faults.rest.fail(451, { match: ({ kind }) => kind === 'exchangeInfo' });
    const heard = r.listen('NOSUCHUSDT', '1s');
    await until(() => fault.hits >= 2);
    expect(heard.error).toBeUndefined();
    fault.stop();
    await heard.ended();
    expect(heard.error).toBeInstanceOf(UnknownSymbolError);
  });
});

it('REST that bans while another request is under way hears of that one again only once the ban is over', async () => {
  await using server = await startScriptedServer(saying(200, '{"serverTime":1791382920000}'));
  const http = httpClient({ timeoutMs: 20_000 });
  const protocol = VENUES['binance-spot'].rest;
  const share = new SharedRest().take({ protocol, url: server.url, isMain: false }, monotonicScheduler);
  const exchangeNow = () => 0;
  const rest = restSource({ protocol, url: server.url, http, ...share.with(exchangeNow), exchangeNow });
  const [time$, arrivals] = [rest.serverTime$(), [] as number[]];
  await Promise.all([valueOf(time$), valueOf(time$)]);
  const held: Socket[] = [];
  server.answer = (request) => held.push(request.socket);
  const answered = valueOf(time$);
  await until(() => held.length === 1);
  server.answer = saying(418, '', { 'Retry-After': '1' });
  expect(await failureOf(time$)).toMatchObject({ failure: 'banned' });
  const bannedAt = performance.now();
  server.answer = (request, response) => {
    arrivals.push(performance.now() - bannedAt);
    saying(200, '{"serverTime":1791382920007}')(request, response);
  };
  held[0]?.resetAndDestroy();
  expect((await answered).value).toBe(1791382920007);
  expect(arrivals).toEqual([expect.toSatisfy((ms: number) => ms > 990)]);
  http.close();
});
