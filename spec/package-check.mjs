/** Imports the built package under its own name, as an installed one would be, on whatever Node runs this. */
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PUBLIC = [
  'EventBus', 'EventType', 'INTERVALS', 'calculateBackoff', 'closeTimeOf', 'closedCandles$', 'createFeed',
  'isInterval', 'loadConfig', 'nextOpenTime', 'openTimeAt', 'publishTo', 'retryWithBackoff',
  'ConfigError', 'FeedClosedError', 'FeedError', 'GeoBlockedError', 'InvalidOptionsError', 'ReconnectExhaustedError',
  'SymbolNotTradingError', 'UnknownSymbolError', 'UnsupportedIntervalError',
]; // prettier-ignore

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const { bin, version } = JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8'));

const frontDoor = await import('rx-candles');
const lacking = PUBLIC.filter((name) => frontDoor[name] === undefined);
assert.deepEqual(lacking, [], 'exports that the built package lacks');

const { startFakeExchange } = await import('rx-candles/testing');
assert.equal(typeof startFakeExchange, 'function', 'rx-candles/testing exports startFakeExchange');

const cli = spawnSync(process.execPath, [bin['rx-candles'], '--version'], { cwd: projectRoot, encoding: 'utf8' });
assert.equal(cli.status, 0, `rx-candles --version fails: ${cli.stderr}`);

console.log(`the built package, version ${version}, imports and starts on Node ${process.version}`);
