import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from 'rx-candles/store';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { until } from '../support/until.ts';
import { filesIn } from './pages.ts';
import { startExamples, type Examples } from './run-examples.ts';

const MINUTE = 60_000;
const SPOT = { venue: 'binance-spot', interval: '1m' } as const;
const LATE = { venue: 'bybit-linear', symbol: 'ETHUSDT' } as const;
/** How long before five minutes are full the examples begin, ms. */
const BEFORE_MS = 4000;
/** One of them may have to wait for the next minute. */
const PATIENCE_MS = 90_000;

/** A line that each example must say. */
const SAYS: Readonly<Record<string, RegExp>> = {
  alerts: /^connection lost: closed by peer$/,
  audit: /^revised \{$/,
  'back-test': /^\d{13} (buy|sell) [\d.]+$/,
  'back-test-history': /^\d+ trades, -?\d+\.\d\d %$/,
  'chart-server': /port: \d+/,
  'closed-candles': /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z [\d.]+ [\d.]+$/,
  'ema-crossover': /^history \d{13} (up|down) [\d.]+$/,
  events: /^BTCUSDT 1m [\d.]+$/,
  feed: /^SOLUSDT \d{13} [\d.]+$/,
  'for-await': /^\d{13} [\d.]+ (stream|backfill)$/,
  'from-ccxt': /^\[/,
  history: /^\d{13} [\d.]+$/,
  lambda: /^\{"since":\d{13},"candles":\[\{"venue":"binance-spot","symbol":"BTCUSDT"/,
  'minute-closed': /^\d{13} BTCUSDT [\d.]+, ETHUSDT [\d.]+, SOLUSDT [\d.]+$/,
  past: /^\w+USDT done; its tick size is [\d.]+$/,
  record: /^\d+ candles durable after \d+ ms, 0 gaps, 0 revised$/,
  resample: /^\d{13}( [\d.]+){4}$/,
  'resample-days': /^\d{4}-\d\d-\d\dT2[12]:00:00\.000Z [\d.]+$/,
  resume: /^\d{13} [\d.]+$/,
  'resume-many': /^BNBUSDT \d{13} [\d.]+ (stream|backfill)$/,
  'resume-warm': /^\d{13} [\d.]+$/,
  retry: /^\d{13} [\d.]+$/,
  'running-candles': /^\d{13} [\d.]+ running$/,
  'slow-later': /^BTCUSDT \d{13} median range [\d.]+$/,
  'slow-worker': /^BTCUSDT \d{13}: [\d.]+$/,
  'symbol-picker': /^ETHUSDT \d{13} [\d.]+ false$/,
  'test-a-bot': /^\d{2,} trades, all as they should be$/,
  testing: /^\d{13} [\d.]+ (stream|backfill)$/,
  'testing-boundary': /^true 0$/,
  'trade-on-closes': /^(buy|sell|hold) BTCUSDT-\d{13}$/,
  'trend-filter': /^\d{13} [\d.]+ (up|down)$/,
  troubles: /^\{"type":"CONNECTED",/,
  'warm-indicators': /^\d{13} [\d.]+ [\d.]+$/,
  'warm-store': /^\d{13} [\d.]+ (stream|backfill)$/,
  'whole-market': /^\w+USDT \d{13} [\d.]+$/,
};
/**
 * Not run here. `proxy` needs a proxy by that name, a log its server, and both doors to metrics the same port; `strategy`
 * is what others run, `slow-in-turn` says nothing. All of them are compiled.
 */
const SILENT = ['log-feed', 'log-many', 'log-read', 'metrics', 'otel', 'proxy', 'slow-in-turn', 'strategy'];

/** Those that a spec of their own is about. */
const SHOWN_APART = ['alerts', 'minute-closed', 'symbol-picker', 'trend-filter'];

let examples: Examples;
let exchange: FakeExchange;

beforeAll(async () => {
  examples = await startExamples();
  exchange = await startFakeExchange({ startAt: Math.ceil(Date.now() / (5 * MINUTE)) * 5 * MINUTE - BEFORE_MS });
  await storePast();
  holdBackLateSymbol();
  examples.begin(exchange, Object.keys(SAYS));
  examples.type('BTCUSDT');
  await until(hasSaid('closed-candles'), 'the first minute', PATIENCE_MS);
  // Another five minutes for those that came too late for the first on a busy machine.
  exchange.clock.jump(5 * MINUTE - (exchange.now() % (5 * MINUTE)) - 1000);
});
afterAll(async () => {
  await examples[Symbol.asyncDispose]();
  await exchange.close();
});

/** A day and more of two series, for the examples that read a store; one candle has been revised since. */
async function storePast(): Promise<void> {
  const store = await openStore(join(examples.folder, 'candles.db'));
  const before = exchange.openTimeNow({ ...SPOT, symbol: 'BTCUSDT' });
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    const candles = exchange.candles({ ...SPOT, symbol }, before - 1500 * MINUTE, before);
    await store.append(candles.map((candle, index) => (index === 1000 ? { ...candle, volume: 0 } : candle)));
  }
  await store.close();
}

/** One symbol's first close is lost, and cannot be fetched yet. */
function holdBackLateSymbol(): void {
  exchange.faults.stream.loseCloses({
    next: 1,
    match: ({ venue, symbol }) => venue === LATE.venue && symbol === LATE.symbol,
  });
  exchange.faults.rest.fail(503, {
    match: ({ venue, kind, query }) => venue === LATE.venue && kind === 'klines' && query.get('symbol') === LATE.symbol,
  });
}

const hasSaid = (example: string) => () => examples.linesOf(example).some((line) => SAYS[example]?.test(line));
const failuresOf = (example: string) => examples.linesOf(example).filter((line) => line.startsWith('failed: '));

it('knows every example', () => {
  const names = filesIn('docs/examples', '.ts').map((file) => file.replace(/^.*\/(.*)\.ts$/, '$1'));
  expect([...Object.keys(SAYS), ...SILENT].sort()).toEqual(names.sort());
});

it('minute-closed waits for the symbol that is late by more than a minute, and then tells each minute whole', async () => {
  await until(() => examples.linesOf('closed-candles').length > 5, 'another five minutes', PATIENCE_MS);
  expect(examples.linesOf('minute-closed')).toEqual([]);
  exchange.faults.clear();
  await until(() => examples.linesOf('minute-closed').length > 5, 'six minutes', PATIENCE_MS);
  const lines = examples.linesOf('minute-closed');
  const [first = 0] = lines.map(Number.parseFloat);
  expect(lines).toEqual(lines.map((_, index) => closesOf(first + index * MINUTE)));
});

/** What the example says of a minute. */
function closesOf(minute: number): string {
  const closes = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((symbol) => {
    const candle = exchange.candleAt({ venue: LATE.venue, symbol, interval: '1m' }, minute);
    return `${symbol} ${String(candle?.close)}`;
  });
  return `${String(minute)} ${closes.join(', ')}`;
}

it.each(Object.keys(SAYS).filter((example) => !SHOWN_APART.includes(example)))(
  '%s does what it says, on the fake exchange beside all others',
  async (example) => {
    await until(() => hasSaid(example)() || failuresOf(example).length > 0, String(SAYS[example]), PATIENCE_MS);
    expect(failuresOf(example)).toEqual([]);
  },
);

it('symbol-picker leaves one symbol for the next, and tells of one that does not exist', async () => {
  await until(() => examples.linesOf('symbol-picker').length > 2, 'candles of the first symbol', PATIENCE_MS);
  examples.type('NOSUCH');
  const saysUnknown = (line: string) => line.startsWith('UnknownSymbolError: ');
  await until(() => examples.linesOf('symbol-picker').some(saysUnknown), 'an error', PATIENCE_MS);
  examples.type('ETHUSDT');
  await until(hasSaid('symbol-picker'), 'candles of the other symbol', PATIENCE_MS);
  const lines = examples.linesOf('symbol-picker');
  expect(lines.slice(lines.findIndex(saysUnknown)).filter((line) => line.startsWith('BTCUSDT'))).toEqual([]);
});

/** In the browser: whether a canvas has many pixels in the chart's own colours of a candle. */
const UP_OR_DOWN_IS_DRAWN = `[...document.querySelectorAll('canvas')].some((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width || 1, canvas.height || 1);
  let drawn = 0;
  for (let i = 0; i < data.length; i += 4) {
    const rgb = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    if (rgb === 0x26a69a || rgb === 0xef5350) drawn++;
  }
  return drawn > 500;
})`;
const CHROMIUM = '/usr/bin/chromium';

it.skipIf(!existsSync(CHROMIUM))('chart-page draws what chart-server sends, without a complaint', async () => {
  const [port] = /(?<=port: )\d+/.exec(examples.linesOf('chart-server').join(' ')) ?? [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], timeout: PATIENCE_MS });
  const complaints: string[] = [];
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page
    .on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    .on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(`http://127.0.0.1:${String(port)}/`);
  await page.waitForFunction(UP_OR_DOWN_IS_DRAWN);
  await browser.close();
  expect(complaints).toEqual([]);
});

it('trend-filter has the trend of the last hours by the second minute', async () => {
  await until(hasSaid('trend-filter'), 'a close with its trend', PATIENCE_MS);
});

it('alerts tell of a lost connection', async () => {
  exchange.faults.stream.drop();
  await until(hasSaid('alerts'), 'an alert', PATIENCE_MS);
});
