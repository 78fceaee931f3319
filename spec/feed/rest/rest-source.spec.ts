import { map, of, Subject, throwError, timer, type Observable } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { RateLimits } from '../../../src/feed/rest/rate-limits.ts';
import { RequestQueue } from '../../../src/feed/rest/request-queue.ts';
import { restSource } from '../../../src/feed/rest/rest-source.ts';
import type { RestProtocol, RestRequest, SymbolPage } from '../../../src/ports/connector.ts';
import type { HttpAnswer } from '../../../src/ports/http-client.ts';
import { MarketDataError } from '../../../src/ports/market-data.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { VENUES } from '../../../src/venues/registry.ts';
import { candle } from '../../support/candle.ts';
import { listed } from '../../support/fake-market.ts';
import { FIRST_OPEN, TWO_MINUTES, TWO_ROWS } from '../../support/rest-rows.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let clock: VirtualClock;
let asked: string[];
let idleClosed: number;
/** What the next requests are answered with, by path. */
let answer: (url: string) => Observable<Partial<HttpAnswer>>;
let limits: RateLimits;

beforeEach(() => {
  clock = new VirtualClock();
  [asked, idleClosed] = [[], 0];
  answer = () => of({ body: TWO_ROWS });
});

function sourceOf(protocol: RestProtocol = VENUES['binance-usdm'].rest, url = 'https://example.test') {
  limits = new RateLimits({ limits: protocol.limits, scheduler: clock, exchangeNow: () => clock.now() });
  const get$ = (full: string): Observable<HttpAnswer> => {
    asked.push(full);
    const whole = { url: full, status: 200, headers: {}, body: '', at: 0 };
    return answer(full).pipe(map((part) => ({ ...whole, ...part })));
  };
  const http = { get$, closeIdle: () => (idleClosed += 1), close: () => undefined };
  const queue = new RequestQueue({ scheduler: clock });
  return restSource({ protocol, url, http, queue, limits, exchangeNow: () => clock.now() });
}

/** What came of a request once all that can happen has. */
function outcomeOf<T>(reply$: Observable<T>): { value?: T; error?: unknown } {
  const outcome: { value?: T; error?: unknown } = {};
  reply$.subscribe({ next: (value) => (outcome.value = value), error: (error: unknown) => (outcome.error = error) });
  clock.advance(1000);
  return outcome;
}

describe('a request', () => {
  it.each([
    ['a host', 'https://example.test', 'https://example.test/fapi/v1/time'],
    ['a host with a slash', 'https://example.test/', 'https://example.test/fapi/v1/time'],
    ['a reverse proxy', 'https://proxy.corp/binance', 'https://proxy.corp/binance/fapi/v1/time'],
    ['a reverse proxy with a slash', 'https://proxy.corp/binance/', 'https://proxy.corp/binance/fapi/v1/time'],
  ])('goes to the path behind the URL of %s', (_, url, full) => {
    outcomeOf(sourceOf(undefined, url).serverTime$());
    expect(asked).toEqual([full]);
  });

  it('has its query encoded, symbols of other scripts too', () => {
    outcomeOf(sourceOf().klines$({ symbol: '币安人生USDT', interval: '1M', limit: 2, from: 0 }));
    expect(asked.map(decodeURIComponent)).toEqual([
      'https://example.test/fapi/v1/klines?symbol=币安人生USDT&interval=1M&limit=2&startTime=0',
    ]);
    expect(asked[0]).toContain('%E5%B8%81');
  });

  it('is one per subscription, none before', () => {
    const klines$ = sourceOf().klines$(TWO_MINUTES);
    expect(asked).toHaveLength(0);
    outcomeOf(klines$);
    outcomeOf(klines$);
    expect(asked).toHaveLength(2);
  });

  it('says when it was sent and answered', () => {
    answer = () => timer(30, clock).pipe(map(() => ({ body: `{"serverTime":${FIRST_OPEN}}` })));
    clock.advance(5);
    const { value } = outcomeOf(sourceOf().serverTime$());
    expect(value).toEqual({ value: FIRST_OPEN, sentAt: 5, receivedAt: 35 });
  });

  it('is given up when nobody waits for it', () => {
    const pending = new Subject<Partial<HttpAnswer>>();
    answer = () => pending;
    const subscription = sourceOf().serverTime$().subscribe();
    expect(pending.observed).toBe(true);
    subscription.unsubscribe();
    expect(pending.observed).toBe(false);
  });
});

describe('an answer', () => {
  it('with rows is candles', () => {
    const { value } = outcomeOf(sourceOf().klines$(TWO_MINUTES));
    expect(value?.value.map(({ timestamp }) => timestamp)).toEqual([FIRST_OPEN, FIRST_OPEN + 60_000]);
  });

  it('tells what is used, good or bad', () => {
    const source = sourceOf();
    answer = () => of({ body: TWO_ROWS, headers: { 'x-mbx-used-weight-1m': '42' } });
    outcomeOf(source.klines$(TWO_MINUTES));
    expect(limits.uses[0]?.used).toBe(42);
    answer = () => of({ status: 500, headers: { 'x-mbx-used-weight-1m': '43' } });
    outcomeOf(source.klines$(TWO_MINUTES));
    expect(limits.uses[0]?.used).toBe(43);
    answer = () => of({ body: 'no rows', headers: { 'x-mbx-used-weight-1m': '44' } });
    outcomeOf(source.klines$(TWO_MINUTES));
    expect(limits.uses[0]?.used).toBe(44);
  });

  it.each([
    ['that stops in the middle', TWO_ROWS.slice(0, 60)],
    ['of a proxy', '<html>sign in</html>'],
    ['of nothing', ''],
    ['that is not what was asked', '{"serverTime":1}'],
  ])('%s is malformed', (_, body) => {
    answer = () => of({ body });
    expect(outcomeOf(sourceOf().klines$(TWO_MINUTES)).error).toMatchObject({ failure: 'malformed', status: 200 });
  });

  it('that stands for an error is that error, with what it asks for', () => {
    answer = () => of({ status: 418, headers: { 'retry-after': '120' } });
    const { error } = outcomeOf(sourceOf().klines$(TWO_MINUTES));
    expect(error).toMatchObject({ failure: 'banned', retryAfterMs: 120_000 });
    expect(limits.waitFor({ weight: 1 })).toBeGreaterThan(118_000);
  });

  it('that never came is what the socket said', () => {
    const failure = new MarketDataError('network', 'ECONNREFUSED');
    answer = () => throwError(() => failure);
    expect(outcomeOf(sourceOf().klines$(TWO_MINUTES)).error).toBe(failure);
  });
});

describe('the limits of the host', () => {
  const symbols = '"symbols":[{"symbol":"BTCUSDT","status":"TRADING"}]';
  const limitOf = (limit: number) =>
    `"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":${limit}}]`;

  it('are those the venue documents until the host has named its own', () => {
    const source = sourceOf();
    expect(limits.uses[0]?.limit).toBe(binanceUsdm.rest.limits[0]?.limit);
    answer = () => of({ body: `{${limitOf(1200)},${symbols}}` });
    expect(outcomeOf(source.symbols$()).value?.value).toMatchObject([{ symbol: 'BTCUSDT' }]);
    expect(limits.uses[0]?.limit).toBe(1200);
    answer = () => of({ body: `{${symbols}}` });
    outcomeOf(source.symbols$());
    expect(limits.uses[0]?.limit).toBe(1200);
  });
});

describe('another dialect', () => {
  /** Lists in pages, an error inside 200, a path of its own for old candles, final rows. */
  const page = (cursor = '0'): RestRequest<SymbolPage> => ({
    method: 'GET',
    path: `/list`,
    query: { cursor },
    cost: { list: 1 },
    parse: (body) => ({ ok: true, value: body as SymbolPage }),
  });
  const dialect: RestProtocol = {
    ...VENUES['binance-usdm'].rest,
    symbols: page,
    failureOf: (_, body) =>
      (body as { code?: number }).code === 50_011 ? new MarketDataError('rate limited', 'code 50011') : undefined,
    limits: [{ name: 'list', limit: 20, windowMs: 2000, window: 'sliding' }],
  };

  it('may list symbols in pages; they are one list, as old as the first', () => {
    answer = (url) =>
      timer(10, clock).pipe(
        map(() => {
          const cursor = Number(new URL(url).searchParams.get('cursor'));
          const next = cursor < 2 ? { next: String(cursor + 1) } : {};
          return { body: JSON.stringify({ symbols: [listed(`S${cursor}`)], ...next }) };
        }),
      );
    const { value } = outcomeOf(sourceOf(dialect).symbols$());
    expect(value?.value.map(({ symbol }) => symbol)).toEqual(['S0', 'S1', 'S2']);
    expect(value).toMatchObject({ sentAt: 0, receivedAt: 30 });
    expect(limits.uses.find(({ name }) => name === 'list')?.used).toBe(3);
  });

  it('may call rows final, and which ones is passed on', () => {
    const rows = [10, 11, 12].map((minute) => ({ candle: candle(minute), final: minute < 12 }));
    const candles: RestProtocol['candles'] = () => ({
      ...page(),
      parse: (body) => ({ ok: true, value: { rows: rows.slice(Number(body)), rejected: [] } }),
    });
    const finalIn = (skipped: number) => {
      answer = () => of({ body: String(skipped) });
      const klines$ = sourceOf({ ...dialect, candles }).klines$({ symbol: 'A', interval: '1m', limit: 3 });
      return outcomeOf(klines$).value?.final;
    };
    expect(finalIn(0)).toEqual(new Set([600_000, 660_000]));
    expect(finalIn(2)).toBeUndefined();
  });

  it('may answer 200 with an error inside', () => {
    answer = () => of({ body: '{"code":50011}' });
    expect(outcomeOf(sourceOf(dialect).symbols$()).error).toMatchObject({ failure: 'rate limited' });
    expect(limits.waitFor({ list: 1 })).toBeGreaterThan(0);
  });
});

it('closes idle sockets when nobody needs it for now', () => {
  sourceOf().pause?.();
  expect(idleClosed).toBe(1);
});
