import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/backoff.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { loadConfig } from '../../src/edges/load-config.ts';

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

  function problemsOf(path?: string): readonly string[] {
    try {
      loadConfig(path);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  }

  it('needs no file at all', () => {
    expect(loadConfig()).toEqual({});
  });

  it('reads config.yaml in the working directory', () => {
    writeFileSync('config.yaml', 'venue: binance-spot\ntestnet: true\nreconnect:\n  maxRetries: .inf\n');
    expect(loadConfig()).toEqual({ venue: 'binance-spot', testnet: true, reconnect: { maxRetries: Infinity } });
  });

  it('reads a file of another name, CRLF and byte order mark included', () => {
    writeFileSync('other.yml', '\uFEFFgraceMs: 1500\r\nlogLevel: WARN\r\n');
    expect(loadConfig('other.yml')).toEqual({ graceMs: 1500, logLevel: 'warn' });
    expect(loadConfig(join(folder, 'other.yml'))).toEqual({ graceMs: 1500, logLevel: 'warn' });
  });

  it.each(['', '# nothing\n', '---\n', 'graceMs:\nreconnect:\n  # jitter: false\nendpoints: {}\n'])(
    'takes what is left empty for left out: %j',
    (text) => {
      writeFileSync('config.yaml', text);
      expect(loadConfig().graceMs).toBeUndefined();
    },
  );

  it('wants a file that was named to be there', () => {
    expect(problemsOf('config.yaml')).toEqual(['config.yaml: there is no such file']);
    expect(problemsOf('missing/feed.yaml')).toEqual(['missing/feed.yaml: there is no such file']);
  });

  it('says so when a file cannot be read', () => {
    mkdirSync('config.yaml');
    mkdirSync('.env');
    expect(problemsOf()).toEqual(['config.yaml: cannot be read (EISDIR)', '.env: cannot be read (EISDIR)']);
  });

  it.each([
    ['graceMs: 1\n  settleMs: 2\n', /^config\.yaml:\d:\d+: is not valid YAML \(/],
    ['graceMs: 1\ngraceMs: 2\n', /^config\.yaml:2:1: is not valid YAML \(duplicate key\)$/],
    ['testnet: [\n', /^config\.yaml:2:1: is not valid YAML \(/],
    ['a: 1\n---\nb: 2\n', /^config\.yaml:2:1: is not valid YAML \(multiple docs\)$/],
    ['graceMs: *nothing\n', /^config\.yaml.*: is not valid YAML \(/],
    ['- venue\n', /^options: must be an object with venue/],
    ['hello\n', /^options: must be an object with venue.*got a string$/],
    ['bus: 1\n', /^bus: is not an option/],
  ])('names the place where %j is wrong', (text, complaint) => {
    writeFileSync('config.yaml', text);
    expect(problemsOf()[0]).toMatch(complaint);
  });

  it('reads the keys from .env', () => {
    writeFileSync('.env', KEYS);
    expect(loadConfig()).toEqual({ credentials });
  });

  it('takes the environment before .env, and leaves it as it is', () => {
    writeFileSync('.env', `${KEYS}ANOTHER=1\n`);
    vi.stubEnv('BINANCE_API_KEY', 'from the environment');
    vi.stubEnv('BINANCE_API_SECRET', 'too');
    const before = { ...process.env };
    expect(loadConfig()).toEqual({ credentials: { apiKey: 'from the environment', apiSecret: 'too' } });
    expect({ ...process.env }).toEqual(before);
  });

  it('adds up a key of the environment and a secret of .env', () => {
    writeFileSync('.env', 'BINANCE_API_SECRET=secret\n');
    vi.stubEnv('BINANCE_API_KEY', 'key');
    expect(loadConfig()).toEqual({ credentials: { apiKey: 'key', apiSecret: 'secret' } });
  });

  it('takes keys of the environment before those of config.yaml', () => {
    writeFileSync('config.yaml', 'credentials: { apiKey: a, apiSecret: b }\n');
    expect(loadConfig()).toEqual({ credentials: { apiKey: 'a', apiSecret: 'b' } });
    writeFileSync('.env', KEYS);
    expect(loadConfig()).toEqual({ credentials });
  });

  it.each([
    ['BINANCE_API_KEY', 'BINANCE_API_SECRET'],
    ['BINANCE_API_SECRET', 'BINANCE_API_KEY'],
  ])('complains about %s alone', (given, missing) => {
    vi.stubEnv(given, 'hunter2');
    expect(problemsOf()).toEqual([expect.stringMatching(new RegExp(`^${missing}: is missing; set both`))]);
  });

  it('lists the problems of file and environment together', () => {
    writeFileSync('config.yaml', 'graceMs: -1\nreconnect: { multiplier: 0 }\nvenu: x\n');
    vi.stubEnv('BINANCE_API_KEY', 'key');
    expect(problemsOf().map((problem) => problem.split(':')[0])).toEqual([
      'BINANCE_API_SECRET', 'graceMs', 'reconnect.multiplier', 'venu',
    ]); // prettier-ignore
  });

  it.each([
    'credentials: { apiKey: hunter2, apiSecret: }\n',
    'credentials:\n  apiKey: hunter2\n apiSecret: "hunter2\n',
    'credentials: *hunter2\n',
    'hunter2: &a hunter2\nhunter2: *b\n',
    'credentials: hunter2\n',
  ])('repeats no secret: %#', (text) => {
    writeFileSync('config.yaml', text);
    expect(problemsOf()).not.toEqual([]);
    expect(problemsOf().join()).not.toContain('hunter2');
  });

  it('finds nothing wrong with the files that come with the project', () => {
    copyFileSync(shipped('.env.example'), '.env');
    expect(loadConfig(shipped('config.yaml'))).toEqual({ testnet: false, logLevel: 'info' });
  });

  it('has every option in config.yaml, with its default', () => {
    const lines = readFileSync(shipped('config.yaml'), 'utf8').split('\n');
    const options = lines
      .map((line) => line.replace(/^# ?(?=\s*\w+:( |$))/, ''))
      .filter((line) => /^\s*[a-zA-Z]+:( |$)/.test(line));
    writeFileSync('all.yaml', options.join('\n'));
    expect(loadConfig('all.yaml')).toEqual({
      venue: 'binance-usdm',
      testnet: false,
      logLevel: 'info',
      endpoints: { stream: 'wss://fstream.binance.com/market', rest: 'https://fapi.binance.com' },
      reconnect: DEFAULT_RECONNECT,
      graceMs: 4000,
      settleMs: 2000,
      silenceMs: 30_000,
      restTimeoutMs: 5000,
      rotateAfterMs: 23 * 3_600_000,
    });
  });
});
