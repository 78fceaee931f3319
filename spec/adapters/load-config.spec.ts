import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { askForConfig, loadConfig } from '../../src/adapters/load-config.ts';

const shipped = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const KEYS = 'BINANCE_API_KEY=key\nBINANCE_API_SECRET="sec ret#1"\n';
const credentials = { apiKey: 'key', apiSecret: 'sec ret#1' };

describe('loadConfig', () => {
  const home = process.cwd();
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-candles-config-'));
    process.chdir(folder);
    vi.stubEnv('BINANCE_API_KEY', undefined);
    vi.stubEnv('BINANCE_API_SECRET', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  async function problemsOf(path?: string): Promise<readonly string[]> {
    const error: unknown = await loadConfig(path).catch((reason: unknown) => reason);
    return error instanceof ConfigError ? error.problems : [];
  }

  it('keeps the keys of the file’s venue from another that is asked for instead', async () => {
    writeFileSync('config.yaml', 'venue: binance-spot\ncredentials: { apiKey: mine, apiSecret: too }\n');
    writeFileSync('.env', KEYS);
    expect((await askForConfig(undefined, { venue: 'ccxt:kraken' })).credentials).toBeUndefined();
    writeFileSync('.env', 'KRAKEN_API_KEY=its\nKRAKEN_API_SECRET=own\n');
    const { credentials: found } = await askForConfig(undefined, { venue: 'ccxt:kraken' });
    expect(found).toEqual({ apiKey: 'its', apiSecret: 'own' });
  });

  it('needs no file at all', async () => {
    expect(await loadConfig()).toEqual({});
  });

  it('reads config.yaml in the working directory', async () => {
    writeFileSync('config.yaml', 'venue: binance-spot\ntestnet: true\nreconnect:\n  maxRetries: .inf\n');
    expect(await loadConfig()).toEqual({ venue: 'binance-spot', testnet: true, reconnect: { maxRetries: Infinity } });
  });

  it('reads a file of another name, CRLF and byte order mark included', async () => {
    writeFileSync('other.yml', '\uFEFFgraceMs: 1500\r\nlogLevel: WARN\r\n');
    expect(await loadConfig('other.yml')).toEqual({ graceMs: 1500, logLevel: 'warn' });
    expect(await loadConfig(join(folder, 'other.yml'))).toEqual({ graceMs: 1500, logLevel: 'warn' });
  });

  it.each(['', '# nothing\n', '---\n', 'graceMs:\nreconnect:\n  # jitter: false\nendpoints: {}\n'])(
    'takes what is left empty for left out: %j',
    async (text) => {
      writeFileSync('config.yaml', text);
      expect((await loadConfig()).graceMs).toBeUndefined();
    },
  );

  it('wants a file that was named to be there', async () => {
    expect(await problemsOf('config.yaml')).toEqual(['config.yaml: no such file']);
    expect(await problemsOf('missing/feed.yaml')).toEqual(['missing/feed.yaml: no such file']);
  });

  it('says so when a file cannot be read', async () => {
    mkdirSync('config.yaml');
    mkdirSync('.env');
    expect(await problemsOf()).toEqual(['config.yaml: cannot be read (EISDIR)', '.env: cannot be read (EISDIR)']);
  });

  it.each([
    ['graceMs: 1\n  settleMs: 2\n', /^config\.yaml:\d:\d+: is not valid YAML \(/],
    ['graceMs: 1\ngraceMs: 2\n', /^config\.yaml:2:1: is not valid YAML \(duplicate key\)$/],
    ['testnet: [\n', /^config\.yaml:2:1: is not valid YAML \(/],
    ['a: 1\n---\nb: 2\n', /^config\.yaml:2:1: a second YAML document begins here/],
    ['graceMs: *nothing\n', /^config\.yaml.*: is not valid YAML \(/],
    ['- venue\n', /^config\.yaml: must be a mapping of options$/],
    ['hello\n', /^config\.yaml: must be a mapping of options$/],
    ['bus: 1\n', /^config\.yaml: bus: is not an option/],
    ['rxCandles: 5\n', /^config\.yaml: rxCandles: must be a mapping of options$/],
    ['rxCandles: { graceMs: -1 }\n', /^config\.yaml: rxCandles\.graceMs: must be/],
  ])('names the place where %j is wrong', async (text, complaint) => {
    writeFileSync('config.yaml', text);
    expect((await problemsOf())[0]).toMatch(complaint);
  });

  it('reads the keys from .env', async () => {
    writeFileSync('.env', KEYS);
    expect(await loadConfig()).toEqual({ credentials });
  });

  it('takes the environment before .env, and leaves it as it is', async () => {
    writeFileSync('.env', `${KEYS}ANOTHER=1\n`);
    vi.stubEnv('BINANCE_API_KEY', 'from the environment');
    vi.stubEnv('BINANCE_API_SECRET', 'too');
    const before = { ...process.env };
    expect(await loadConfig()).toEqual({ credentials: { apiKey: 'from the environment', apiSecret: 'too' } });
    expect({ ...process.env }).toEqual(before);
  });

  it('adds up a key of the environment and a secret of .env', async () => {
    writeFileSync('.env', 'BINANCE_API_SECRET=secret\n');
    vi.stubEnv('BINANCE_API_KEY', 'key');
    expect(await loadConfig()).toEqual({ credentials: { apiKey: 'key', apiSecret: 'secret' } });
  });

  it('takes keys of the environment before those of config.yaml', async () => {
    writeFileSync('config.yaml', 'credentials: { apiKey: a, apiSecret: b }\n');
    expect(await loadConfig()).toEqual({ credentials: { apiKey: 'a', apiSecret: 'b' } });
    writeFileSync('.env', KEYS);
    expect(await loadConfig()).toEqual({ credentials });
  });

  it.each([
    ['BINANCE_API_KEY', 'BINANCE_API_SECRET'],
    ['BINANCE_API_SECRET', 'BINANCE_API_KEY'],
  ])('complains about %s alone', async (given, missing) => {
    vi.stubEnv(given, 'hunter2');
    expect(await problemsOf()).toEqual([
      expect.stringMatching(new RegExp(`^environment: ${missing}: is missing; set both`)),
    ]);
  });

  it('lists the problems of file and environment together', async () => {
    writeFileSync('config.yaml', 'graceMs: -1\nreconnect: { multiplier: 0 }\nvenu: x\n');
    vi.stubEnv('BINANCE_API_KEY', 'key');
    expect((await problemsOf()).map((problem) => problem.split(': ').slice(0, 2).join(' '))).toEqual([
      'config.yaml graceMs', 'config.yaml reconnect.multiplier', 'config.yaml venu', 'environment BINANCE_API_SECRET',
    ]); // prettier-ignore
  });

  it.each([
    'credentials: { apiKey: hunter2, apiSecret: }\n',
    'credentials:\n  apiKey: hunter2\n apiSecret: "hunter2\n',
    'credentials: *hunter2\n',
    'hunter2: &a hunter2\nhunter2: *b\n',
    'credentials: hunter2\n',
  ])('repeats no secret: %#', async (text) => {
    writeFileSync('config.yaml', text);
    expect(await problemsOf()).not.toEqual([]);
    expect((await problemsOf()).join()).not.toContain('hunter2');
  });

  it('looks at nothing but its own key where there is one', async () => {
    writeFileSync('config.yaml', 'venue: nasdaq\nstrategy: { fast: 5 }\nrxCandles:\n  venue: binance-spot\n');
    expect(await loadConfig()).toEqual({ venue: 'binance-spot' });
    writeFileSync('config.yaml', 'venue: nasdaq\nrxCandles:\n');
    expect(await loadConfig()).toEqual({});
  });

  it('says how to keep the settings of another program apart, unless they are', async () => {
    writeFileSync('config.yaml', 'strategy: fast\n');
    await expect(loadConfig()).rejects.toThrow(/config\.yaml: strategy: is not an option.* under the key rxCandles/);
    writeFileSync('config.yaml', 'rxCandles: { graceMs: -1 }\n');
    await expect(loadConfig()).rejects.toThrow(/^bad option: config\.yaml: rxCandles\.graceMs: [^;]*$/);
  });

  it('reads UTF-16 as Windows writes it, and a .env with a byte order mark', async () => {
    writeFileSync('config.yaml', Buffer.from('\uFEFFgraceMs: 1500\r\n', 'utf16le'));
    writeFileSync('.env', `\uFEFF${KEYS.replaceAll('\n', '\r\n')}`);
    expect(await loadConfig()).toEqual({ graceMs: 1500, credentials });
  });

  it('does not read .env where the environment has both keys', async () => {
    mkdirSync('.env');
    vi.stubEnv('BINANCE_API_KEY', 'key');
    vi.stubEnv('BINANCE_API_SECRET', 'sec ret#1');
    expect(await loadConfig()).toEqual({ credentials });
  });

  it('reads the files of the folder in which it was called', async () => {
    writeFileSync('config.yaml', 'graceMs: 1500\n');
    const settings = loadConfig();
    process.chdir(home);
    expect(await settings).toEqual({ graceMs: 1500 });
  });

  it('finds nothing wrong with the files that come with the project', async () => {
    copyFileSync(shipped('.env.example'), '.env');
    expect(await loadConfig(shipped('config.yaml'))).toEqual({ testnet: false, logLevel: 'info' });
  });

  it('has every option in config.yaml, with its default where it has one', async () => {
    const lines = readFileSync(shipped('config.yaml'), 'utf8').split('\n');
    const options = lines
      .map((line) => line.replace(/^# ?(?=\s*\w+:( |$))/, ''))
      .filter((line) => /^\s*[a-zA-Z]+:( |$)/.test(line));
    writeFileSync('all.yaml', options.join('\n'));
    const PEM = '-----BEGIN …';
    for (const name of ['company-ca.pem', 'client.pem', 'client-key.pem']) writeFileSync(name, PEM);
    expect(await loadConfig('all.yaml')).toEqual({
      venue: 'binance-usdm',
      testnet: false,
      logLevel: 'info',
      endpoints: { stream: 'wss://fstream.binance.com/market', rest: 'https://fapi.binance.com' },
      // Neither has a default: examples.
      proxy: 'http://proxy.example:3128',
      tls: { ca: PEM, cert: PEM, key: PEM, rejectUnauthorized: true },
      connections: 1,
      reconnect: DEFAULT_RECONNECT,
      graceMs: 4000,
      settleMs: 2000,
      silenceMs: 30_000,
      restTimeoutMs: 5000,
      rotateAfterMs: 23 * 3_600_000,
    });
  });
});
