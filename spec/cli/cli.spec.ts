import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../src/testing/index.ts';
import { buildPackage, type Built } from '../support/built.ts';
import { until } from '../support/until.ts';

const VENUE = 'binance-spot';
/** What `watch` says while it waits: on a slow machine it may have to. */
const NOTICES = /^rx-candles: waiting for [^\n]*\n/gm;
const fileOf = (path: string) => new URL(`../../${path}`, import.meta.url).href;

/** What came until the end, also where the spec itself has closed the pipe. */
async function textOf(stream: Readable): Promise<string> {
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(stream, 'close');
  return text;
}

describe('rx-candles, the program', () => {
  let built: Built;
  let exchange: FakeExchange;
  let folder: string;
  beforeAll(async () => {
    built = buildPackage();
    exchange = await startFakeExchange();
    folder = mkdtempSync(join(tmpdir(), 'rx-candles-cli-'));
  });
  afterAll(async () => {
    await exchange.close();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  /** In a folder without settings, and under the strictest rule for forgotten promises. */
  function start(
    ...args: string[]
  ): ChildProcess & { readonly all: Promise<{ code: number | null; out: string; err: string }> } {
    const child = spawn(process.execPath, ['--unhandled-rejections=strict', built.cli, ...args], { cwd: folder });
    const all = Promise.all([once(child, 'close'), textOf(child.stdout), textOf(child.stderr)]).then(
      ([end, out, err]) => {
        const [code] = end as [number | null];
        return { code, out, err };
      },
    );
    return Object.assign(child, { all });
  }
  function watching(...args: string[]) {
    const { stream, rest } = exchange.endpoints(VENUE);
    return start('watch', '--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--interval', '1s', ...args);
  }
  const untilData = (child: ChildProcess) => once(child.stdout ?? child, 'data');

  it('writes NDJSON to a pipe, stops after the count, and exits by itself', async () => {
    const { code, out, err } = await watching('BTCUSDT', 'ETHUSDT', '--history', '2', '--count', '6').all;
    expect(err.replace(NOTICES, '')).toBe('');
    const candles = out.trim().split('\n').map((line) => JSON.parse(line) as Candle); // prettier-ignore
    expect([code, candles.length]).toEqual([0, 6]);
    expect(out.endsWith('\n')).toBe(true);
  });

  it.each([
    [['--help'], 0],
    [['watch'], 2],
    [['watch', 'BTCUSDT', '--interval', '7m'], 2],
    [['watch', 'BTCUSDT', '--config', 'none.yaml'], 1],
  ])('exits after %j with %d', async (args, code) => {
    const result = await start(...args).all;
    expect(result.code).toBe(code);
    expect(result[code === 0 ? 'err' : 'out']).toBe('');
    if (code !== 0) expect(result.err).toMatch(/^rx-candles: [^\n]+\n$/);
  });

  it('exits with 1 and one line over an unknown symbol', async () => {
    const { code, out, err } = await watching('NOSUCH').all;
    expect([code, out]).toEqual([1, '']);
    expect(err.replace(NOTICES, '')).toMatch(/^rx-candles: binance-spot does not list the symbol "NOSUCH"[^\n]*\n$/);
  });

  it('says within a second what it waits for, and when that is due', async () => {
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest];
    const child = start('watch', 'btcusdt', '--interval', '1M', ...hosts);
    await once(child.stderr ?? child, 'data');
    child.kill('SIGINT');
    const { code, err } = await child.all;
    expect(code).toBe(0);
    expect(err).toMatch(/^rx-candles: waiting for the first BTCUSDT 1M close, due \d{4}-\d\d-01 00:00:00 UTC\n$/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('shuts down cleanly on %s', async (signal) => {
    const child = watching('BTCUSDT', '--log-level', 'info');
    await untilData(child);
    child.kill(signal);
    const { code, err } = await child.all;
    expect(code).toBe(0);
    expect(err).toContain('INFO rx-candles: feed closed\n');
    await until(() => exchange.stats.connections === 0, 'the exchange to notice');
  });

  it('shuts down cleanly before anything came', async () => {
    const child = watching('BTCUSDT', '--interval', '1M', '--log-level', 'info');
    await once(child.stderr ?? child, 'data');
    child.kill('SIGINT');
    expect((await child.all).code).toBe(0);
  });

  it('takes a closed pipe for an end, not for an error', async () => {
    const child = watching('BTCUSDT', 'ETHUSDT');
    await untilData(child);
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  });

  it('goes on when nobody reads its logs', async () => {
    const child = watching('BTCUSDT', '--count', '2', '--log-level', 'debug');
    child.stderr?.destroy();
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  it('is forced to an end by a second signal', async () => {
    const busy = `const { processTerminal } = await import('${fileOf('src/cli/terminal.ts')}');
      processTerminal().stop$.subscribe(() => console.log('asked'));
      setInterval(() => console.log('busy'), 20);`;
    const typescript = ['--import', fileOf('spec/support/ts-hooks.mjs'), '--input-type=module', '-e', busy];
    const child = spawn(process.execPath, typescript, { cwd: folder });
    await untilData(child);
    child.kill('SIGINT');
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false }))
      if (String(chunk).includes('asked')) break;
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
  });
});
