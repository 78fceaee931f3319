/** Uses the built package under its own name, as an installed one would be used, on whatever Node, Bun or Deno runs this. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, take, timeout, toArray } from 'rxjs';

const PUBLIC = [
  'EventBus', 'EventType', 'INTERVALS', 'calculateBackoff', 'closeTimeOf', 'closedCandles$', 'createFeed',
  'isInterval', 'loadConfig', 'nextOpenTime', 'openTimeAt', 'parseInterval', 'publishTo', 'resample', 'retryWithBackoff',
  'ConfigError', 'FeedClosedError', 'FeedError', 'GeoBlockedError', 'InternalError', 'ReconnectExhaustedError',
  'ResampleError', 'SymbolNotTradingError', 'UnknownSymbolError', 'UnsupportedIntervalError',
]; // prettier-ignore
const LONGEST_WAIT_MS = 20_000;

const runtime = ['Bun', 'Deno'].find((name) => name in globalThis) ?? 'Node';
const home = dirname(dirname(fileURLToPath(import.meta.resolve('rx-candles'))));
const { bin, version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

const frontDoor = await import('rx-candles');
const lacking = PUBLIC.filter((name) => frontDoor[name] === undefined);
assert.deepEqual(lacking, [], 'exports that the built package lacks');

const required = createRequire(import.meta.url)('rx-candles');
assert.equal(required.createFeed, frontDoor.createFeed, '`require` gives the one copy that `import` gives');

const { startFakeExchange } = await import('rx-candles/testing');
const exchange = await startFakeExchange();
const feed = frontDoor.createFeed({ venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') });
const candles$ = feed.closedCandles$('BTCUSDT', '1s').pipe(take(2), toArray(), timeout(LONGEST_WAIT_MS));
const [first, second] = await lastValueFrom(candles$);
assert.equal(second.timestamp, first.timestamp + 1000, 'two candles of a second follow each other');
assert.equal(second.source, 'stream', 'over the WebSocket');
await feed.close();
await exchange.close();

const args = [...(runtime === 'Deno' ? ['run', '--allow-all'] : []), join(home, bin['rx-candles']), '--version'];
const cli = spawnSync(process.execPath, args, { encoding: 'utf8' });
assert.equal(cli.status, 0, `rx-candles --version fails: ${cli.stderr}`);
assert.equal(cli.stdout.trim(), version);

// From here on nothing of ours may keep the process alive; the runner sees to that by waiting for its end.
const files = readdirSync(home, { recursive: true }).map((name) => statSync(join(home, name)));
const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
console.log(
  `the built package, version ${version}, ${(bytes / 1e6).toFixed(1)} MB, delivers candles on ${runtime} ${process.versions[runtime.toLowerCase()]}`,
);
