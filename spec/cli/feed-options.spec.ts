import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedOptionsOf, TIRELESS } from '../../src/cli/feed-options.ts';
import { run } from '../../src/cli/program.ts';
import { fakeTerminal } from '../support/terminal.ts';

describe('reconnects of the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-candles-options-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const configOf = (reconnect: string): string => {
    const path = join(folder, `${reconnect.length}.yaml`);
    writeFileSync(path, `reconnect: ${reconnect}\n`);
    return path;
  };

  it.each([
    ['a watch gives up as a feed does', {}, '{ maxDelayMs: 5 }', { maxDelayMs: 5 }],
    ['a record does not give up', TIRELESS, '{ maxDelayMs: 5 }', { maxDelayMs: 5, maxRetries: Infinity }],
    ['a record does what the file says', TIRELESS, '{ maxRetries: 3 }', { maxRetries: 3 }],
  ])('%s', async (_, defaults, text, expected) => {
    expect((await feedOptionsOf({ config: configOf(text) }, defaults)).reconnect).toEqual(expected);
  });

  it('name host and cause when watch has failed ten times in a row', async () => {
    const { terminal, out, err } = fakeTerminal();
    const config = configOf('{ initialDelayMs: 1, maxDelayMs: 2 }');
    const hosts = ['--stream-url', 'ws://127.0.0.1:1', '--rest-url', 'http://127.0.0.1:1', '--log-level', 'silent'];
    const code = await run(['watch', 'BTCUSDT', '--config', config, ...hosts], terminal);
    expect([code, out()]).toEqual([1, '']);
    const line = err().split('\n').at(-2);
    expect(line).toMatch(/^rx-candles: gave up after 10 reconnects .*127\.0\.0\.1:1.*ECONNREFUSED/);
  });
});
