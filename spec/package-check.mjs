/** Uses the built package under its own name, as an installed one would be used, on whatever Node runs this. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, take, timeout, toArray } from 'rxjs';

const PUBLIC = [
  'EventBus', 'EventType', 'INTERVALS', 'calculateBackoff', 'closeTimeOf', 'closedCandles$', 'createFeed',
  'isInterval', 'loadConfig', 'nextOpenTime', 'openTimeAt', 'parseInterval', 'publishTo', 'resample', 'retryWithBackoff',
  'ConfigError', 'FeedClosedError', 'FeedError', 'GeoBlockedError', 'InternalError', 'ReconnectExhaustedError',
  'ResampleError', 'SymbolNotTradingError', 'UnknownSymbolError', 'UnsupportedIntervalError',
]; // prettier-ignore
const LONGEST_WAIT_MS = 20_000;

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const { bin, version } = JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8'));

const frontDoor = await import('rx-candles');
const lacking = PUBLIC.filter((name) => frontDoor[name] === undefined);
assert.deepEqual(lacking, [], 'exports that the built package lacks');

const { startFakeExchange } = await import('rx-candles/testing');
const exchange = await startFakeExchange();
const feed = frontDoor.createFeed({ venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') });
const candles$ = feed.closedCandles$('BTCUSDT', '1s').pipe(take(2), toArray(), timeout(LONGEST_WAIT_MS));
const [first, second] = await lastValueFrom(candles$);
assert.equal(second.timestamp, first.timestamp + 1000, 'two candles of a second follow each other');
await feed.close();
await exchange.close();

const cli = spawnSync(process.execPath, [bin['rx-candles'], '--version'], { cwd: projectRoot, encoding: 'utf8' });
assert.equal(cli.status, 0, `rx-candles --version fails: ${cli.stderr}`);

// From here on nothing of ours may keep the process alive; the runner sees to that by waiting for its end.
console.log(`the built package, version ${version}, delivers candles on Node ${process.version}`);
