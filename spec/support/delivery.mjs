/** Whether a bundle works: candles from the fake exchange of this process, in a folder with nothing but the bundle. */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeExchange } from 'rx-candles/testing';
import { runBeside } from './packed.mjs';

/** What a user would have beside the bundle; both files are read by parts that are loaded only then. */
export function writeSettings(folder, { stream, rest }) {
  const endpoints = `endpoints:\n  stream: ${stream}\n  rest: ${rest}\n`;
  writeFileSync(join(folder, 'config.yaml'), `venue: binance-spot\nlogLevel: warn\n${endpoints}`);
  writeFileSync(join(folder, '.env'), 'BINANCE_API_KEY=key\nBINANCE_API_SECRET=secret\n');
}

/** Runs the check beside a fake exchange. */
export async function withExchange(check) {
  const exchange = await startFakeExchange();
  try {
    return await check(exchange.endpoints('binance-spot'));
  } finally {
    await exchange.close();
  }
}

export async function assertDelivers(folder, main) {
  assertCandles(await runBeside(process.execPath, [main], { cwd: folder }));
}

/** Two timestamps, a second apart. */
export function assertCandles(printed) {
  const [first, second] = printed.trim().split('\n').map(Number);
  assert.equal(second, first + 1000, `not two candles of a second: ${printed}`);
}
