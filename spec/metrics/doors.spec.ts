import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { BehaviorSubject, defer, from, lastValueFrom, merge, of, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, createFeed, type Feed, type FeedStatus } from 'rx-candles';
import { LogCounts, closedCandlesOf$, feedTo, type LogStatus } from 'rx-candles/nats';
import { instrument, type Observed } from 'rx-candles/otel';
import { registerMetrics } from 'rx-candles/prometheus';
import { RecordCounts } from 'rx-candles/store';
import { memoryLog, startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { feedStatus, seriesStatus } from '../support/feed-status.ts';
import { figuresOf } from '../support/exposition.ts';
import { BTC, minutes } from '../support/stored.ts';

const VENUE = 'binance-spot';
/** What the exporter of OpenTelemetry's JavaScript leaves out of a name, though its specification has it. */
const UNIT = /_seconds(?=[_{]|$)/;
/** What it says of itself, and what goes on with time. */
const OWN = /^target_info|otel_scope/;
/** What is told in seconds may differ by so much between two readings of one moment. */
const CLOCKS_APART_S = 0.02;

function otel(feed: Observed, options?: Parameters<typeof instrument>[2]) {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const subscription = instrument(feed, provider.getMeter('rx-candles'), options);
  const text = async () => {
    let body = '';
    exporter.getMetricsRequestHandler({} as never, { statusCode: 0, setHeader: () => undefined, end: (given: string) => (body = given) } as never); // prettier-ignore
    for (let turn = 0; body === '' && turn < 1000; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    return body;
  };
  return { text, subscription };
}

function prometheus(feed: Observed, options?: Parameters<typeof registerMetrics>[2]) {
  const register = new Registry();
  const subscription = registerMetrics(feed, register, options);
  return { register, subscription, text: () => register.metrics() };
}

/** Asks again until both answers are of one moment, by what their clocks may differ. */
async function atOneMoment<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const begun = performance.now();
    const answer = await ask();
    if (performance.now() - begun < 1000 * CLOCKS_APART_S) return answer;
  }
}

const withoutUnits = (figures: ReadonlyMap<string, number>) =>
  [...figures].flatMap(([key, value]) => (OWN.test(key) ? [] : [[key.replace(UNIT, ''), value] as const])).sort();

const busy: FeedStatus = feedStatus({
  candles: { stream: 7, backfill: 2, history: 0 },
  reconnects: { 'closed by peer': 3 },
  clockOffsetMs: -250,
  lastDataAt: 1_790_000_000_000,
  series: [seriesStatus({ candles: 5, lastTimestamp: 60_000 }), seriesStatus({ symbol: 'A"B\\C', phase: 'over rest', lateMs: 13_000 })],
  rest: { requests: { ...feedStatus().rest.requests, answered: 4, 'rate limited': 1 }, queued: 2, limits: [{ name: 'weight', used: 9, limit: 100 }] },
}); // prettier-ignore

describe('both doors tell the same', () => {
  let exchange: FakeExchange;
  let feed: Feed;
  beforeAll(async () => {
    exchange = await startFakeExchange({ venues: [VENUE], closeDelayMs: { min: 2, max: 40 } });
    feed = createFeed({ venue: VENUE, endpoints: exchange.endpoints(), graceMs: 300, logLevel: 'silent', reconnect: { initialDelayMs: 50 } }); // prettier-ignore
  });
  afterAll(async () => {
    await feed.close();
    await exchange.close();
  });

  it('of a feed that has lost connections, closes and answers', async () => {
    const recorded = new RecordCounts();
    const [one, other] = [otel(feed, undefined), prometheus(feed)];
    const candles$ = merge(feed.closedCandles$('BTCUSDT', '1s', { history: 20 }), feed.closedCandles$('ETHUSDT', '1s'));
    // Read in between too: what one has been told it must not be told again.
    const reading = candles$.subscribe(() => void Promise.all([one.text(), other.text()]));
    await lastValueFrom(candles$.pipe(take(22)));
    exchange.faults.stream.drop();
    exchange.faults.rest.fail(503, { next: 1 });
    recorded.add({ candles: await lastValueFrom(candles$.pipe(take(24), toArray())), gaps: [], revised: [], lagMs: 7 });
    reading.unsubscribe();
    const [otelText, promText] = await atOneMoment(() => Promise.all([one.text(), other.text()]));
    const figures = withoutUnits(figuresOf(promText));
    const same = withoutUnits(figuresOf(otelText));
    expect(same.map(([key]) => key)).toEqual(figures.map(([key]) => key));
    const apart = figures.filter(([, value], index) => Math.abs(value - (same[index]?.[1] ?? NaN)) > CLOCKS_APART_S);
    expect(apart).toEqual([]);
    const told = new Map(figures);
    const of = (name: string, labels = '') => told.get(`rx_candles_${name}{${labels}rx_candles_venue="${VENUE}"}`) ?? 0;
    expect(of('candles_delivered_total', 'rx_candles_source="history",')).toBeGreaterThanOrEqual(40);
    expect(of('connection_reconnects_total', 'rx_candles_reason="closed by peer",')).toBe(1);
    expect(of('rest_requests_total', 'rx_candles_outcome="server",')).toBe(1);
    expect(of('close_delay_count')).toBeGreaterThan(5);
    expect(of('close_delay_sum')).toBeGreaterThan(0);
  });

  it('of a log that is written, read and lost', async () => {
    const status$ = new BehaviorSubject<LogStatus>({ state: 'connected', server: 'here' });
    const log = Object.assign(memoryLog(), { status$ });
    const counts = new LogCounts(log, { name: 'OKX' });
    const [one, other] = [otel(counts), prometheus(counts)];
    const reader = closedCandlesOf$(log, 'BTCUSDT', '1m', { since: 0, counts }).subscribe();
    await lastValueFrom(feedTo(log, { closedCandles$: () => from(minutes(3)) }, BTC, { counts }));
    for (const attempt of [1, 2]) status$.next({ state: 'waiting', reason: 'refused', attempt, delayMs: 250 });
    const [otelText, promText] = await Promise.all([one.text(), other.text()]);
    reader.unsubscribe();
    const told = figuresOf(promText);
    // At two moments by this machine's clock.
    const still = (text: string) => withoutUnits(figuresOf(text)).filter(([key]) => !key.includes('lateness_max'));
    expect(still(otelText)).toEqual(still(promText));
    const figure = (name: string, label = '') => told.get(`rx_candles_log_${name}{rx_candles_log="OKX"${label}}`);
    expect(figure('appended_total', ',rx_candles_outcome="stored"')).toBe(3);
    expect(figure('read_total', ',rx_candles_source="stream"')).toBe(3);
    expect([figure('connection_count'), figure('connection_failures_total')]).toEqual([0, 1]);
    expect([figure('append_delay_seconds_count'), figure('read_delay_seconds_count'), figure('lag_seconds')]).toEqual([
      3, 3, 0,
    ]);
    expect(figure('lateness_max_seconds')).toBeGreaterThan(1_000_000);
    expect(() => registerMetrics(new LogCounts(log, { name: 'OKX' }), other.register)).toThrow('a log OKX already');
    registerMetrics({ status$: of(busy) }, other.register);
    expect(await other.text()).toContain('rx_candles_connection_count{rx_candles_venue="binance-spot"}');
  });

  it('with everything that is optional', async () => {
    const recorded = new RecordCounts();
    recorded.add({ candles: [], gaps: [], revised: [], lagMs: 1234 });
    const options = { perSeries: true, recorded };
    const feedOf = { status$: of(busy) };
    const figures = withoutUnits(figuresOf(await prometheus(feedOf, options).text()));
    expect(withoutUnits(figuresOf(await otel(feedOf, options).text()))).toEqual(figures);
    const told = new Map(figures);
    const labels = 'rx_candles_interval="1m",rx_candles_symbol="BTCUSDT",rx_candles_venue="binance-spot"';
    expect(told.get(`rx_candles_series_candles_total{${labels}}`)).toBe(5);
    expect(told.get('rx_candles_store_write_delay_sum{rx_candles_venue="binance-spot"}')).toBeCloseTo(1.234);
  });
});

describe.each([
  ['OpenTelemetry', otel],
  ['prom-client', prometheus],
])('%s', (_, door) => {
  it('is told of no symbol that nobody asked for', async () => {
    expect(await door({ status$: of(busy) }).text()).not.toMatch(/rx_candles_symbol|BTCUSDT/);
  });

  it('looks at the status only when it is read, once for all, and not after unsubscribing', async () => {
    let looks = 0;
    const status$ = defer(() => (looks++, of(busy)));
    const { text, subscription } = door({ status$ });
    const looksOf = async () => {
      const before = looks;
      await text();
      return looks - before;
    };
    expect([await looksOf(), await looksOf()]).toEqual([1, 1]);
    subscription.unsubscribe();
    expect(await looksOf()).toBe(0);
  });
});

describe('a register of prom-client', () => {
  const okx = feedStatus({ venue: 'okx', connections: 4 });

  it('takes feeds of several venues, and keeps the others when one leaves', async () => {
    const { register, subscription } = prometheus({ status$: of(busy) });
    registerMetrics({ status$: of(okx) }, register);
    const both = figuresOf(await register.metrics());
    expect(both.get('rx_candles_connection_count{rx_candles_venue="okx"}')).toBe(4);
    expect(both.get('rx_candles_connection_count{rx_candles_venue="binance-spot"}')).toBe(0);
    subscription.unsubscribe();
    const one = figuresOf(await register.metrics());
    expect(one.has('rx_candles_connection_count{rx_candles_venue="binance-spot"}')).toBe(false);
    expect(one.get('rx_candles_connection_count{rx_candles_venue="okx"}')).toBe(4);
  });

  it('refuses a second feed of one venue, until the first has left', () => {
    const { register, subscription } = prometheus({ status$: of(okx) });
    expect(() => registerMetrics({ status$: of(okx) }, register)).toThrow(ConfigError);
    subscription.unsubscribe();
    registerMetrics({ status$: of(okx) }, register).unsubscribe();
  });
});
