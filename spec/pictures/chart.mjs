/** The second half of `npm run pictures`: the chart page as it is, on the fake exchange, in both themes. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startFakeExchange } from 'rx-candles/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'docs/pictures');
const VENUE = 'binance-spot';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
const MINUTE = 60_000;
const SETTLE_MS = 2500;
/** Just before a minute ends: nobody wants to wait for most of one. */
const NOW = Date.UTC(2026, 10, 26, 14, 36, 56);
const SERIES = ['BTCUSDT:1m', 'ETHUSDT:1m', 'BTCUSDT:7m', 'ETHUSDT:1h'];

const exchange = await startFakeExchange({ seed: 21, startAt: NOW, venues: [VENUE] });
/** So many minutes ago. */
const at = (minutes) => NOW - (NOW % MINUTE) - minutes * MINUTE;
exchange.faults.market.hole({ venue: VENUE, symbol: 'BTCUSDT', interval: '1m', from: at(46), before: at(42) });

const { stream, rest } = exchange.endpoints(VENUE);
const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'error'];
const cli = spawn(process.execPath, [`${root}dist/cli/cli.js`, 'chart', 'BTCUSDT', ...hosts], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => createInterface(cli.stdout).once('line', resolve));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

/** Opens the page; the first one sees some closes that the stream loses, so that they are fetched. */
async function open(name, colorScheme, viewport) {
  const page = await browser.newPage({ colorScheme, viewport });
  page.on('console', (message) => console.error(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  await page.goto(`${url}#${SERIES.join(',')}`);
  await page.waitForFunction(() => document.querySelector('#price').textContent !== '–');
  return page;
}

async function picture(name, colorScheme, viewport) {
  const page = await open(name, colorScheme, viewport);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}

async function loseSomeCloses() {
  const page = await open('first', 'dark', DESKTOP);
  await page.waitForTimeout(SETTLE_MS);
  for (const isLost of [false, true, true, false, true, false]) {
    if (isLost)
      exchange.faults.stream.loseCloses({
        next: 1,
        match: ({ symbol, interval }) => symbol === 'BTCUSDT' && interval === '1m',
      });
    exchange.clock.jump(MINUTE - (exchange.now() % MINUTE) - 1000);
    await page.waitForTimeout(SETTLE_MS * 2);
  }
  return page;
}

const first = await loseSomeCloses();
await picture('chart-dark', 'dark', DESKTOP);
await picture('chart-light', 'light', DESKTOP);
if (process.argv.includes('--phone'))
  for (const theme of ['dark', 'light']) await picture(`chart-phone-${theme}`, theme, PHONE);
await first.close();
await browser.close();
cli.kill('SIGINT');
await exchange.close();
