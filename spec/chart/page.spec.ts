import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IChartApi, ISeriesApi, Time } from 'lightweight-charts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange, type FakeExchangeOptions } from '../../src/testing/index.ts';
import { buildChartPage, CHROMIUM, launchChromium, logOf, REBOUND_HOST, type PageLog } from '../support/browser.ts';
import { CHART_VENUE, startChartOn, type ChartRig } from '../support/chart.ts';

/** A candle as lightweight-charts has it, and its place on the time axis. */
interface Drawn {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly place: number;
}

/** What the page tells of itself. */
interface Told {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
}

interface Stage {
  readonly exchange: FakeExchange;
  readonly rig: ChartRig;
  readonly page: Page;
  readonly log: PageLog;
}

const SERIES = { venue: CHART_VENUE, symbol: 'BTCUSDT', interval: '1s' } as const;
const LONG = { timeout: 60_000 };

const drawn = (page: Page): Promise<readonly Drawn[]> =>
  page.evaluate(() => {
    const { chart, candles } = (globalThis as { rxCandles?: Told }).rxCandles ?? {};
    const placeOf = (time: Time) => chart?.timeScale().timeToIndex(time) ?? 0;
    return (candles?.data() ?? []).map((point) => ({ ...(point as unknown as Drawn), place: placeOf(point.time) }));
  });
const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
/** Waits for something that the page says in an element. */
const says = (page: Page, id: string, what: RegExp) =>
  page.locator(`#${id}`, { hasText: what }).waitFor({ state: 'attached', ...LONG });
/** Asks again until something holds of the answer. */
async function answers<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + LONG.timeout;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > end) throw new Error(`it is never so: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
/** Waits until something holds of what is drawn. */
const draws = (page: Page, holds: (points: readonly Drawn[]) => boolean) => answers(() => drawn(page), holds);

/** Waits until a candle is drawn with another close than before. */
const moves = (page: Page) =>
  page.evaluate(() => {
    const { candles } = (globalThis as unknown as { rxCandles: Told }).rxCandles;
    const closes = new Map<unknown, unknown>();
    return new Promise<void>((resolve) =>
      candles.subscribeDataChanged(() => {
        const last = candles.data().at(-1) as Drawn | undefined;
        if (closes.has(last?.time) && closes.get(last?.time) !== last?.close) resolve();
        closes.set(last?.time, last?.close);
      }),
    );
  });

/** Whether every second has its place, with a candle or without. */
const isSpaced = (points: readonly Drawn[]) =>
  points.every(({ time, place }) => place - (points[0]?.place ?? 0) === time - (points[0]?.time ?? 0));
/** Whether every second has its candle. */
const isUnbroken = (points: readonly Drawn[]) =>
  points.every(({ time }, index) => time - (points[0]?.time ?? 0) === index);

describe.skipIf(CHROMIUM === undefined).concurrent('the chart page in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = buildChartPage();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** One exchange, chart server and page of its own. */
  async function onStage(
    play: (stage: Stage) => Promise<void>,
    { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
    market: FakeExchangeOptions = {},
  ): Promise<void> {
    await using exchange = await startFakeExchange({ venues: [CHART_VENUE], seed: 5, updatesPerSecond: 4, ...market });
    const rig = await startChartOn(exchange, { folder });
    const view = { viewport: { width: 1000, height: 640 }, reducedMotion: 'reduce' } as const;
    const context = await browser.newContext({ ...view, ...options });
    context.setDefaultTimeout(LONG.timeout);
    const page = await context.newPage();
    const log = logOf(page);
    try {
      await page.goto(rig.server.url + hash);
      await play({ exchange, rig, page, log });
    } finally {
      await context.close();
      await rig.close();
    }
  }

  /** All that is drawn and closed is what the exchange has; the last one may still run. */
  function expectTruth(points: readonly Drawn[], exchange: FakeExchange): void {
    const closed = points.slice(0, -1);
    const truth = exchange.candles(SERIES, (closed[0]?.time ?? 0) * 1000, (closed.at(-1)?.time ?? 0) * 1000 + 1);
    const line = (time: number, { open, high, low, close }: Omit<Drawn, 'time' | 'place'>) =>
      [time, open, high, low, close].join();
    expect(closed.map((point) => line(point.time, point))).toEqual(
      truth.map((candle) => line(candle.timestamp / 1000, candle)),
    );
  }

  it('draws the exchange’s candles, moves the running one, and tells the price in text and title', () =>
    onStage(
      async ({ exchange, rig, page, log }) => {
        const first = await draws(page, (points) => points.length > 1000);
        await moves(page);
        const points = await draws(page, (now) => isUnbroken(now) && now.length > first.length + 2);
        expectTruth(points, exchange);
        expect(await page.title()).toMatch(/^[\d,]+\.\d+ BTCUSDT 1s · rx-candles$/);
        expect(await text(page, 'price')).toMatch(/^[\d,]+\.\d+$/);
        await says(page, 'status-text', /^Connected$/);
        await says(page, 'announcer', /^BTCUSDT 1s of [\d:]+ closed at [\d,.]+/);
        expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
        expect([log.complaints, [...log.hosts]]).toEqual([[], [new URL(rig.server.url).host]]);
      },
      { colorScheme: 'dark' },
    ));

  it('shows a gap in its place, says so, and heals it', () =>
    onStage(async ({ exchange, page, log }) => {
      await draws(page, (points) => points.length > 1000);
      const fault = exchange.faults.rest.fail(503, { match: ({ kind }) => kind === 'klines' });
      exchange.faults.stream.loseCloses({ next: 2 });
      const torn = await draws(page, (points) => !isUnbroken(points));
      expect(isSpaced(torn)).toBe(true);
      await says(page, 'status-text', /^Connected: fetching candles of BTCUSDT 1s/);
      fault.stop();
      const healed = await draws(page, (points) => isUnbroken(points) && points.length > torn.length + 3);
      expect(isSpaced(healed)).toBe(true);
      expectTruth(healed, exchange);
      await says(page, 'status-text', /^Connected$/);
      expect(log.complaints).toEqual([]);
    }));

  it('shows a lost connection and a server that is gone, and goes on after both without a hole', () =>
    onStage(async ({ exchange, rig, page }) => {
      await draws(page, (points) => points.length > 1000);
      const refusal = exchange.faults.stream.refuse(503);
      exchange.faults.stream.drop();
      await says(page, 'status-text', /^No connection to the exchange: .*attempt/);
      refusal.stop();
      await says(page, 'status-text', /^Connected$/);
      await rig.close();
      await says(page, 'status-text', /^The chart server does not answer/);
      const asleep = (await drawn(page)).at(-1)?.time ?? 0;
      const again = await startChartOn(exchange, { folder, port: Number(new URL(rig.server.url).port) });
      const points = await draws(page, (now) => isUnbroken(now) && (now.at(-1)?.time ?? 0) > asleep + 3);
      expectTruth(points, exchange);
      await says(page, 'status-text', /^Connected$/);
      await again.close();
    }));

  it('opens, changes and closes series by the keyboard, and says what is wrong with one of them', () =>
    onStage(async ({ page, log }) => {
      await draws(page, (points) => points.length > 1000);
      await page.keyboard.press('a');
      await page.keyboard.type('eth');
      await page.locator('#search-list', { hasText: 'ETHUSDT' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/#BTCUSDT:1s,\*ETHUSDT:1s$/);
      await draws(page, (points) => points.length > 1000 && (points.at(-1)?.close ?? 0) < 20_000);
      await page.keyboard.press('i');
      await page.keyboard.type('7s');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\*ETHUSDT:7s$/);
      await draws(page, ([one, other]) => other !== undefined && other.time - (one?.time ?? 0) === 7);
      await page.keyboard.press('i');
      await page.keyboard.type('7x');
      await page.keyboard.press('Enter');
      await says(page, 'trouble-text', /"7x" is not one of/);
      await page.keyboard.press('[');
      await draws(page, (points) => points.length > 1000);
      expect(await page.locator('#trouble').isHidden()).toBe(true);
      await page.getByRole('button', { name: 'Close ETHUSDT 7x' }).click();
      await page.waitForURL(/#\*BTCUSDT:1s$/);
      await page.locator('#chart').focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await says(page, 'announcer', /^BTCUSDT 1s, .*; open [\d,.]+, high [\d,.]+, .*; (streamed|history|fetched)$/);
      expect(log.complaints).toEqual([]);
    }));

  it('loads older candles on the left, saves a picture, and remembers what the user chose', () =>
    onStage(
      async ({ exchange, page, log }) => {
        await draws(page, (points) => points.length > 1000);
        await page.locator('#chart').focus();
        await page.keyboard.press('Home');
        const points = await draws(page, (now) => isUnbroken(now) && now.length > 2000);
        expectTruth(points, exchange);
        await page.locator('#now').click();
        await page.locator('#now').waitFor({ state: 'hidden' });
        const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
        expect(download.suggestedFilename()).toMatch(/^BTCUSDT-1s-.*\.png$/);
        const theme = () => page.locator('html').getAttribute('data-theme');
        expect(await theme()).toBe('light');
        await page.keyboard.press('t');
        await page.keyboard.press('l');
        await page.locator('#zone').selectOption('Asia/Tokyo');
        await page.reload();
        await says(page, 'price', /\d/);
        expect([await theme(), await page.locator('#log').getAttribute('aria-pressed')]).toEqual(['dark', 'true']);
        const tokyoHour = () => new Date(exchange.now() + 9 * 3_600_000).toISOString().slice(11, 13);
        await answers(() => text(page, 'clock'), (time) => time.includes(` ${tokyoHour()}:`)); // prettier-ignore
        expect(log.complaints).toEqual([]);
      },
      { colorScheme: 'light' },
    ));

  it('shows in any number of tabs what a browser has only six connections for', () =>
    onStage(
      async ({ exchange, rig, page }) => {
        const tabs = [page];
        const hide = (tab: Page) =>
          tab.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })");
        while (tabs.length < 7) {
          await Promise.all(tabs.map(hide));
          const tab = await page.context().newPage();
          tabs.push(tab);
          await tab.goto(`${rig.server.url}#BTCUSDT:1m`);
          await says(tab, 'price', /\d/);
        }
        await says(page, 'status-text', /^Paused in the background/);
        await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        await says(page, 'status-text', /^Connected$/);
        await answers(() => Promise.resolve(exchange.stats.connections), (connections) => connections === 1); // prettier-ignore
      },
      { hash: '#BTCUSDT:1m' },
    ));

  it('refuses a page of another origin, and one whose name was made to point here', () =>
    onStage(async ({ rig, page }) => {
      const foreign = createServer((_, response) => response.end('<!doctype html><title>elsewhere</title>'));
      await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
      await page.goto(`http://127.0.0.1:${String((foreign.address() as AddressInfo).port)}/`);
      const outcomes = await page.evaluate(async (url) => {
        const read = (mode: 'cors' | 'no-cors') => fetch(`${url}api/about`, { mode }).then(() => 'read', String);
        const stream = new EventSource(`${url}api/stream`);
        const heard = new Promise((resolve) => {
          stream.onerror = () => resolve(`refused ${String(stream.readyState)}`);
          stream.onopen = () => resolve('heard');
        });
        return [await read('cors'), await read('no-cors'), await heard];
      }, rig.server.url);
      expect(outcomes).toEqual([expect.stringMatching('TypeError'), expect.stringMatching('TypeError'), 'refused 2']);
      const rebound = await page.goto(rig.server.url.replace('127.0.0.1', REBOUND_HOST));
      expect([rebound?.status(), await rebound?.text()]).toEqual([403, expect.stringContaining('host')]);
      foreign.closeAllConnections();
      foreign.close();
    }));
});

it.skipIf(CHROMIUM !== undefined)('is not shown in a browser: there is no chromium on this machine', () => undefined);
