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
/** How long they are away. */
const AWAY_MINUTES = 10;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'];
const folder = mkdtempSync(join(tmpdir(), 'rx-candles-recipes-'));
let built: Built;

interface Recipe {
  readonly program: string;
  /** Lines it says of each minute. */
  readonly aMinute: number;
  /** The open time of the candle that a line tells of. */
  timeIn(line: string): string | undefined;
  /** Whether what it said last is on the disk. Killed before, it would not know that it has handled it. */
  isSaved(last: string): boolean;
}

const WARM: Recipe = {
  program: 'resume-warm',
  aMinute: 1,
  timeIn: (line) => line.split(' ')[0],
  isSaved: (last) => saved('ETHUSDT-1m.last') === last.split(' ')[0],
};
const MANY: Recipe = {
  program: 'resume-many',
  aMinute: SYMBOLS.length,
  timeIn: (line) => line.split(' ')[1],
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
  before = await runBoth(first, -1);
  truth = await startFakeExchange({ seed: 5, startAt: NOON + AWAY_MINUTES * MINUTE - 6000 });
  after = await runBoth(truth, AWAY_MINUTES - 1);
}, 200_000);
afterAll(async () => {
  await truth.close();
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

function saved(name: string): string | undefined {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
}

async function runBoth(exchange: FakeExchange, last: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const { stream, rest } = exchange.endpoints(VENUE);
  const config = ['venue: binance-spot', 'logLevel: error', `endpoints: { stream: '${stream}', rest: '${rest}' }`];
  writeFileSync(join(folder, 'config.yaml'), config.join('\n'));
  const [warm, many] = await Promise.all([run(WARM, last), run(MANY, last)]);
  return { [WARM.program]: warm, [MANY.program]: many };
}

/** Runs a recipe until it has told of a minute, or a later one where it began late on a busy machine; then kills it. */
async function run({ program, aMinute, isSaved, timeIn }: Recipe, last: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(dirname(built.cli), `${program}.js`)], { cwd: folder });
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  const said = () => out.split('\n').slice(0, -1);
  try {
    const isWhole = () => said().length > 0 && said().length % aMinute === 0;
    const isDone = () => isWhole() && minuteOf(timeIn(said().at(-1) ?? '')) >= last && isSaved(said().at(-1) ?? '');
    await until(isDone, `minute ${String(last)} of ${program}`, 90_000);
  } finally {
    child.kill('SIGKILL');
  }
  return said();
}

const handledBy = (program: string) => [...(before[program] ?? []), ...(after[program] ?? [])];
const minuteOf = (timestamp: string | undefined) => (Number(timestamp) - NOON) / MINUTE;

/** Of every minute once, from one before the pause to the last of it at least. */
function expectEachOnce(timestamps: readonly (string | undefined)[]): void {
  const minutes = timestamps.map(minuteOf);
  const [first = 0, last = 0] = [minutes[0], minutes.at(-1)];
  expect(first).toBeLessThan(AWAY_MINUTES - 2);
  expect(last).toBeGreaterThanOrEqual(AWAY_MINUTES - 1);
  expect(minutes).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

it('the recipe of a bot that is warm after a restart handles each candle once, with the average it would have had', () => {
  const average = (timestamp: number) => {
    const series = { venue: VENUE, symbol: 'ETHUSDT', interval: '1m' } as const;
    const closes = truth.candles(series, timestamp - 199 * MINUTE, timestamp + MINUTE).map(({ close }) => close);
    return closes.reduce((sum, close) => sum + close, 0) / closes.length;
  };
  const handled = handledBy('resume-warm').map((line) => line.split(' '));
  expectEachOnce(handled.map(([timestamp]) => timestamp));
  for (const [timestamp, value] of handled) expect(Number(value)).toBeCloseTo(average(Number(timestamp)), 8);
});

it.each(SYMBOLS)('the recipe of many series in one file handles each candle of %s once', (symbol) => {
  const handled = handledBy('resume-many').filter((line) => line.startsWith(`${symbol} `));
  expectEachOnce(handled.map((line) => line.split(' ')[1]));
});
