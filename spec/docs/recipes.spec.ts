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
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'];
const folder = mkdtempSync(join(tmpdir(), 'rx-candles-recipes-'));
let built: Built;

interface Recipe {
  readonly program: string;
  /** Lines it says of each minute. */
  readonly aMinute: number;
  /** Whether what it said last is on the disk. Killed before, it would not know that it has handled it. */
  isSaved(last: string): boolean;
}

const WARM: Recipe = {
  program: 'resume-warm',
  aMinute: 1,
  isSaved: (last) => saved('ETHUSDT-1m.last') === last.split(' ')[0],
};
const MANY: Recipe = {
  program: 'resume-many',
  aMinute: SYMBOLS.length,
  isSaved: (last) => {
    const [symbol = '', timestamp] = last.split(' ');
    const handled = JSON.parse(saved('handled.json') ?? '{}') as Record<string, number>;
    return String(handled[symbol]) === timestamp;
  },
};
let before: Readonly<Record<string, readonly string[]>>;
let after: Readonly<Record<string, readonly string[]>>;
let truth: FakeExchange;

/** The recipes beside the built package, which they import by its name: run, killed, away for ten minutes, run again. */
beforeAll(async () => {
  built = buildPackage();
  for (const { program } of [WARM, MANY]) {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const code = ts.transpileModule(textOf(`docs/examples/${program}.ts`), { compilerOptions }).outputText;
    writeFileSync(join(dirname(built.cli), `${program}.js`), code);
  }
  await using first = await startFakeExchange({ seed: 5, startAt: NOON - 6000 });
  before = await runBoth(first, 1);
  truth = await startFakeExchange({ seed: 5, startAt: NOON + 10 * MINUTE - 6000 });
  after = await runBoth(truth, 10);
}, 200_000);
afterAll(async () => {
  await truth.close();
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

function saved(name: string): string | undefined {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
}

async function runBoth(exchange: FakeExchange, minutes: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const { stream, rest } = exchange.endpoints(VENUE);
  const config = ['venue: binance-spot', 'logLevel: error', `endpoints: { stream: '${stream}', rest: '${rest}' }`];
  writeFileSync(join(folder, 'config.yaml'), config.join('\n'));
  const [warm, many] = await Promise.all([run(WARM, minutes), run(MANY, minutes)]);
  return { [WARM.program]: warm, [MANY.program]: many };
}

/** Runs a recipe until it has told of so many minutes, then kills it. */
async function run({ program, aMinute, isSaved }: Recipe, minutes: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(dirname(built.cli), `${program}.js`)], { cwd: folder });
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  const said = () => out.split('\n').slice(0, -1);
  try {
    const isDone = () => said().length >= minutes * aMinute && isSaved(said().at(-1) ?? '');
    await until(isDone, `${String(minutes)} minutes of ${program}`, 90_000);
  } finally {
    child.kill('SIGKILL');
  }
  return said();
}

const handledBy = (program: string) => [...(before[program] ?? []), ...(after[program] ?? [])];
const MINUTES = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const minuteOf = (timestamp: string | undefined) => (Number(timestamp) - NOON) / MINUTE;

it('the recipe of a bot that is warm after a restart handles each candle once, with the average it would have had', () => {
  const average = (timestamp: number) => {
    const series = { venue: VENUE, symbol: 'ETHUSDT', interval: '1m' } as const;
    const closes = truth.candles(series, timestamp - 199 * MINUTE, timestamp + MINUTE).map(({ close }) => close);
    return closes.reduce((sum, close) => sum + close, 0) / closes.length;
  };
  const handled = handledBy('resume-warm').map((line) => line.split(' '));
  expect(handled.map(([timestamp]) => minuteOf(timestamp))).toEqual(MINUTES);
  for (const [timestamp, value] of handled) expect(Number(value)).toBeCloseTo(average(Number(timestamp)), 8);
});

it.each(SYMBOLS)('the recipe of many series in one file handles each candle of %s once', (symbol) => {
  const handled = handledBy('resume-many').filter((line) => line.startsWith(`${symbol} `));
  expect(handled.map((line) => minuteOf(line.split(' ')[1]))).toEqual(MINUTES);
});
