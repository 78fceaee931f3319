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

/** What only REST, the settings' files, specs or the command line need; `ws` has helpers of its own, which are not our concern. */
const LATER = /\/node_modules\/(ccxt|commander|dotenv|yaml)\/|\/dist\/(apps|testing)\/|\/dist\/shared\/testing/;

it.each([
  ['importing the package', "await import('rx-candles')"],
  ['making a feed', "(await import('rx-candles')).createFeed()"],
])('%s loads neither ccxt nor parsers nor anything of the command line', (_what, code) => {
  const files = filesLoadedBy(code);
  expect(files.filter((file) => file.endsWith('/dist/index.js'))).toHaveLength(1);
  expect(files.filter((file) => LATER.test(file))).toEqual([]);
});

it.each(["await import('yaml')", "await import('rx-candles/testing')"])('would notice if it did: %s', (code) => {
  expect(filesLoadedBy(code).some((file) => LATER.test(file))).toBe(true);
});

/** ccxt's other exchanges would take half a second, in which no candle could be delivered, and 40 MB. */
it('loads of ccxt no exchange but Binance when REST is asked', () => {
  const files = filesLoadedBy(`
    const server = (await import('node:http')).createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const feed = (await import('rx-candles')).createFeed({
      endpoints: { stream: 'ws://127.0.0.1:1', rest: 'http://127.0.0.1:' + server.address().port }, logLevel: 'silent',
    });
    const running = feed.closedCandles$('BTCUSDT', '1m').subscribe();
    await new Promise((resolve) => server.once('request', resolve));
    running.unsubscribe();
    await feed.close();
    server.closeAllConnections();
    server.close();`);
  const exchanges = files
    .filter((file) => /\/ccxt\/js\/src\/[^/]*$/.test(file))
    .map((file) => file.replace(/.*\//, ''));
  expect(exchanges).toEqual(['binance.js']);
});
