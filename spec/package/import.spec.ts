import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPackage, type Built } from '../support/built.ts';

let built: Built;
let records: string;

beforeAll(() => {
  built = buildPackage();
  records = mkdtempSync(join(tmpdir(), 'rx-candles-loaded-'));
});

afterAll(() => {
  built.remove();
  rmSync(records, { recursive: true, force: true });
});

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** Node's own record of the scripts it ran, which misses neither `import` nor `require`. */
function filesLoadedBy(code: string): readonly string[] {
  const folder = mkdtempSync(join(records, 'run-'));
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: dirname(dirname(dirname(built.cli))),
    encoding: 'utf8',
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return readdirSync(folder)
    .flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Coverage).result)
    .map(({ url }) => url)
    .filter((url) => url.startsWith('file:'));
}

/** What only some venues, the settings' files, specs or the command line need. */
const LATER =
  /\/node_modules\/ccxt\/|\/@nats-io\/|\/dist\/(cli|log|testing)\/|\/dist\/shared\/(commander|dotenv|ip-address|smart-buffer|socks|testing|yaml)/;

it.each([
  ['importing the package', "await import('rx-candles')"],
  ['making a feed', "(await import('rx-candles')).createFeed({ proxy: 'http://proxy.corp:3128' })"],
])('%s loads neither ccxt nor parsers nor anything of the command line', (_what, code) => {
  const files = filesLoadedBy(code);
  expect(files.filter((file) => file.endsWith('/dist/index.js'))).toHaveLength(1);
  expect(files.filter((file) => LATER.test(file))).toEqual([]);
});

it('the log loads the packages of NATS only when it is used', () => {
  const files = filesLoadedBy("(await import('rx-candles/nats')).natsLog()");
  expect(files.filter((file) => /\/dist\/log\/nats\/index.js$/.test(file))).toHaveLength(1);
  expect(files.filter((file) => file.includes('/@nats-io/'))).toEqual([]);
});

it.each(["await import('./dist/shared/yaml.js')", "await import('rx-candles/testing')"])(
  'would notice if it did: %s',
  (code) => {
    expect(filesLoadedBy(code).some((file) => LATER.test(file))).toBe(true);
  },
);

it('asks over REST without ccxt', () => {
  const files = filesLoadedBy(`
    const { startFakeExchange } = await import('rx-candles/testing');
    const exchange = await startFakeExchange();
    const feed = (await import('rx-candles')).createFeed({ endpoints: exchange.endpoints(), logLevel: 'silent' });
    await new Promise((resolve) => feed.closedCandles$('BTCUSDT', '1m', { history: 1 }).subscribe(resolve));
    await feed.close();
    await exchange.close();`);
  expect(files.filter((file) => file.includes('/node_modules/ccxt/'))).toEqual([]);
});
