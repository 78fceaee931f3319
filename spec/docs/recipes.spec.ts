import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { buildPackage, type Built } from '../support/built.ts';
import { until } from '../support/until.ts';
import { textOf } from './pages.ts';

const VENUE = 'binance-spot';
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const folder = mkdtempSync(join(tmpdir(), 'rx-candles-recipes-'));
const last = join(folder, 'ETHUSDT-1m.last');
let built: Built;

/** The recipe beside the built package, which it imports by its name. */
beforeAll(() => {
  built = buildPackage();
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const code = ts.transpileModule(textOf('docs/examples/resume-warm.ts'), { compilerOptions }).outputText;
  writeFileSync(join(dirname(built.cli), 'resume-warm.js'), code);
}, 60_000);
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the recipe against an exchange until it has said so many lines, then kills it. Gives back lines: time, average. */
async function run(exchange: FakeExchange, lines: number): Promise<readonly (readonly number[])[]> {
  const { stream, rest } = exchange.endpoints(VENUE);
  const config = ['venue: binance-spot', 'logLevel: error', `endpoints: { stream: '${stream}', rest: '${rest}' }`];
  writeFileSync(join(folder, 'config.yaml'), config.join('\n'));
  const child = spawn(process.execPath, [join(dirname(built.cli), 'resume-warm.js')], { cwd: folder });
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  const said = () => out.split('\n').slice(0, -1);
  /** Killed between the two it would not know that it has handled the last one. */
  const handled = () => (existsSync(last) ? readFileSync(last, 'utf8') : undefined);
  try {
    await until(
      () => said().length >= lines && handled() === said().at(-1)?.split(' ')[0],
      `${String(lines)} lines`,
      90_000,
    );
  } finally {
    child.kill('SIGKILL');
  }
  return said().map((line) => line.split(' ').map(Number));
}

it('the recipe of a bot that is warm after a restart handles each candle once, with the average it would have had', async () => {
  const average = (exchange: FakeExchange, timestamp: number) => {
    const series = { venue: VENUE, symbol: 'ETHUSDT', interval: '1m' } as const;
    const closes = exchange.candles(series, timestamp - 199 * MINUTE, timestamp + MINUTE).map(({ close }) => close);
    return closes.reduce((sum, close) => sum + close, 0) / closes.length;
  };
  await using first = await startFakeExchange({ seed: 5, startAt: NOON - 6000 });
  const before = await run(first, 1);
  // It is away for ten minutes.
  await using second = await startFakeExchange({ seed: 5, startAt: NOON + 10 * MINUTE - 6000 });
  const after = await run(second, 10);
  const handled = [...before, ...after];
  expect(handled.map(([timestamp = 0]) => (timestamp - NOON) / MINUTE)).toEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const [timestamp = 0, value] of handled) expect(value).toBeCloseTo(average(second, timestamp), 8);
}, 200_000);
