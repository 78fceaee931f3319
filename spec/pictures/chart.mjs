/** `npm run pictures`: the chart page as it is, on the fake exchange, in both themes. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startFakeExchange } from 'rx-candles/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.argv[2] ?? `${root}docs/pictures`;
const VENUE = 'binance-spot';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
const MINUTE = 60_000;
/** A moment with a story: some minutes that the exchange does not have, and some that the stream loses. */
const NOW = Date.UTC(2026, 10, 26, 14, 36, 40);
const SERIES = ['BTCUSDT:1m', 'ETHUSDT:1m', 'BTCUSDT:7m', 'ETHUSDT:1h'];

const exchange = await startFakeExchange({ seed: 11, startAt: NOW, venues: [VENUE] });
const at = (minutes) => NOW - (NOW % MINUTE) - minutes * MINUTE;
exchange.faults.market.hole({ venue: VENUE, symbol: 'BTCUSDT', interval: '1m', from: at(46), before: at(42) });

const { stream, rest } = exchange.endpoints(VENUE);
const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'error'];
const cli = spawn(process.execPath, [`${root}dist/cli/cli.js`, 'chart', 'BTCUSDT', ...hosts], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [url] = await new Promise((resolve) => createInterface(cli.stdout).once('line', (line) => resolve([line])));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

async function picture(name, colorScheme, viewport) {
  const page = await browser.newPage({ colorScheme, viewport, deviceScaleFactor: 1 });
  page.on('console', (message) => console.error(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  await page.goto(`${url}#${SERIES.join(',')}`);
  await page.waitForFunction(() => document.querySelector('#price').textContent !== '–');
  await page.waitForTimeout(2500);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.close();
}

await picture('chart-dark', 'dark', DESKTOP);
await picture('chart-light', 'light', DESKTOP);
if (process.argv[3] === 'phone') {
  await picture('chart-phone', 'dark', PHONE);
  await picture('chart-phone-light', 'light', PHONE);
}
await browser.close();
cli.kill('SIGINT');
await exchange.close();
