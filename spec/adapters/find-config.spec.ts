import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import type { LogLevel } from '../../src/core/log-level.ts';
import { findConfig, loadConfig } from '../../src/adapters/load-config.ts';

const home = process.cwd();
let folder = '';
let written = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rx-candles-found-'));
  process.chdir(folder);
  vi.stubEnv('BINANCE_API_KEY', undefined);
  vi.stubEnv('BINANCE_API_SECRET', undefined);
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean((written += String(chunk))));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** Without the time in front. */
const lines = () =>
  written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(line.indexOf(' ') + 1));

const warning = (...parts: string[]) => [
  expect.stringMatching(new RegExp(`^WARN rx-candles: ignored: ${parts.join('.*')}`)) as string,
];

describe('files of somebody else’s, found and not asked for,', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'a bot’s keys under names of its own',
      { '.env': 'BINANCE_API_KEY=hunter2\nBINANCE_SECRET_KEY=hunter2\n' },
      String.raw`\.env: BINANCE_API_SECRET: is missing`,
    ],
    [
      'a program’s own settings',
      { 'config.yaml': 'strategy: { fast: 5 }\n' },
      String.raw`config\.yaml: strategy: is not`,
    ],
    [
      'two YAML documents',
      { 'config.yaml': 'a: 1\n---\nb: 2\n' },
      String.raw`config\.yaml:2:1: a second YAML document`,
    ],
    [
      'a template that is no YAML yet',
      { 'config.yaml': 'a: {{ .Values.a }}\nb: [\n' },
      String.raw`config\.yaml:\d+:\d+: is not`,
    ],
    ['a list', { 'config.yaml': '- a\n- b\n' }, String.raw`config\.yaml: must be a mapping of options`],
    [
      'half a pair in the file',
      { 'config.yaml': 'credentials: { apiKey: hunter2 }\n' },
      String.raw`config\.yaml: credentials\.apiSecret`,
    ],
    [
      'other credentials',
      { 'config.yaml': 'credentials: { user: hunter2 }\n' },
      'config.yaml: credentials: has a key that is not',
    ],
    ['an unknown key within a group', { 'config.yaml': 'reconnect: { maxRetry: 1 }\n' }, '.*did you mean maxRetries'],
  ])('%s, are told in one WARN', async (_, files, part) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(name, text);
    expect((await findConfig()).credentials).toBeUndefined();
    expect(lines()).toEqual(warning(part));
    expect(written).not.toContain('hunter2');
    await expect(loadConfig()).rejects.toBeInstanceOf(ConfigError);
  });

  it.each(['.env', 'config.yaml'])('%s that is a folder, is one too', async (name) => {
    mkdirSync(name);
    expect(await findConfig()).toEqual({});
    expect(lines()).toEqual(warning(String.raw`${name.replace('.', String.raw`\.`)}: cannot be read \(EISDIR\)`));
    await expect(loadConfig()).rejects.toThrow(`${name}: cannot be read (EISDIR)`);
  });

  it('all of it at once, in one WARN that says how to keep them apart, and what is ours is used', async () => {
    writeFileSync('config.yaml', 'graceMs: 1500\nstrategy: 1\nexchange: 2\n');
    writeFileSync('.env', 'BINANCE_API_KEY=hunter2\n');
    expect(await findConfig()).toEqual({ graceMs: 1500 });
    expect(lines()).toEqual(
      warning(
        'config.yaml: strategy: is not an option; config.yaml: exchange: is not an option;',
        'BINANCE_API_SECRET',
        'the key rxCandles',
      ),
    );
  });
});

it('a program’s dozens of settings do not fill the log', async () => {
  writeFileSync('config.yaml', Array.from({ length: 40 }, (_, n) => `own${n}: ${n}\n`).join(''));
  await findConfig();
  expect(lines()).toEqual(warning('config.yaml: own0', 'own4: is not an option; 35 more such keys; to keep'));
});

describe('a setting of ours that is wrong', () => {
  it.each([
    ['graceMs: -1\nstrategy: fast\n', 'config.yaml: graceMs: must be'],
    ['rxCandles: { graceMs: -1 }\n', 'config.yaml: rxCandles.graceMs: must be'],
    ['rxCandles: [1]\n', 'config.yaml: rxCandles: must be a mapping'],
    ['reconnect: 5\n', 'config.yaml: reconnect: must be an object'],
    ['credentials: hunter2\n', 'config.yaml: credentials: must be an object'],
  ])('is an error although nobody asked for the file: %j', async (text, problem) => {
    writeFileSync('config.yaml', text);
    const error: unknown = await findConfig().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems).toHaveLength(1);
    expect((error as ConfigError).problems[0]).toContain(problem);
  });
});

describe('which files were read', () => {
  const read = () => [`INFO rx-candles: configuration read from ${join(process.cwd(), 'config.yaml')}`];

  it.each([
    ['found', findConfig],
    ['asked for', () => loadConfig('config.yaml')],
  ])('is told at INFO when they are %s', async (_, load) => {
    writeFileSync('config.yaml', 'logLevel: info\n');
    await load();
    expect(lines()).toEqual(read());
  });

  it('with .env, and the key', async () => {
    writeFileSync('config.yaml', 'rxCandles: { logLevel: info }\n');
    writeFileSync('.env', 'SOMETHING=1\n');
    await findConfig();
    expect(lines()).toEqual([`${read().join()} (rxCandles) and ${join(process.cwd(), '.env')}`]);
  });

  it.each<[LogLevel | undefined, string, number]>([
    [undefined, 'logLevel: warn\n', 0],
    ['info', 'logLevel: warn\n', 1],
    ['silent', 'logLevel: info\nstrategy: fast\n', 0],
    [undefined, 'logLevel: silent\nstrategy: fast\n', 0],
    ['info', 'strategy: fast\n', 2],
  ])('as loud as %s over %j', async (logLevel, text, count) => {
    writeFileSync('config.yaml', text);
    await findConfig({ logLevel });
    expect(lines()).toHaveLength(count);
  });

  it('nothing where there is none', async () => {
    await findConfig({ logLevel: 'info' });
    expect(lines()).toEqual([]);
  });
});
