import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import { openStore, type CandleSeries } from 'rx-candles/store';
import { sameCandle, startFakeExchange, type FakeExchange } from 'rx-candles/testing';
import { createRandom } from '../../src/testing/market/random.ts';
import { buildPackage, type Built } from '../support/built.ts';
import { storeFolder } from '../support/stored.ts';
import { until } from '../support/until.ts';

/** How often the recorder is killed: `KILLS=200` for a long look. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const SEED = Number(process.env['SEED'] ?? 1);
const VENUE = 'binance-spot';
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'];
const folder = storeFolder();
let built: Built;
let recorder: string;

beforeAll(() => {
  built = buildPackage();
  recorder = join(dirname(built.cli), 'recorder.js');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const source = readFileSync(new URL('children/recorder.ts', import.meta.url), 'utf8');
  writeFileSync(recorder, ts.transpileModule(source, { compilerOptions }).outputText);
});
afterAll(() => {
  built.remove();
  folder.remove();
});

const seriesOf = (symbol: string): CandleSeries => ({ venue: VENUE, symbol, interval: '1s' });

/** One life of the recorder, from its first word on. */
async function life(exchange: FakeExchange, path: string, lifeMs: number): Promise<readonly string[]> {
  const { stream, rest } = exchange.endpoints(VENUE);
  const child = spawn(process.execPath, [recorder, path, stream, rest, ...SYMBOLS]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  child.stderr.on('data', (text: Buffer) => (err += text.toString('utf8')));
  const ended = new Promise((resolve) => child.on('close', resolve));
  await until(() => out !== '', 'its first word', 60_000);
  await pause(lifeMs);
  child.kill('SIGKILL');
  await ended;
  expect(err).toBe('');
  return out.split('\n').slice(1, -1);
}

/** What the recorder has not been spared. */
function spoil(exchange: FakeExchange, random: () => number): NodeJS.Timeout {
  return setInterval(() => {
    if (random() < 0.3) exchange.faults.stream.drop();
    if (random() < 0.2) exchange.faults.rest.fail(503, { next: 2 });
  }, 200);
}

async function candlesIn(path: string, symbol: string): Promise<readonly Candle[]> {
  await using store = await openStore(path, { readOnly: true });
  const candles: Candle[] = [];
  for await (const candle of store.read(seriesOf(symbol))) candles.push(candle);
  return candles;
}

it(
  'killed at any moment it goes on without a hole or a repeat, and others read meanwhile',
  { timeout: 180_000 + KILLS * 15_000 },
  async () => {
    const random = createRandom(SEED);
    const path = folder.newFile();
    const told: string[] = [];
    await using exchange = await startFakeExchange({ seed: SEED });
    const spoiling = spoil(exchange, random);
    for (let kill = 0; kill < KILLS; kill++) {
      const living = life(exchange, path, random() * 1500);
      const reading = told.length > 0 ? candlesIn(path, 'BTCUSDT') : [];
      told.push(...(await living));
      await reading;
    }
    clearInterval(spoiling);
    while (new Set(told.map((line) => line.split(' ')[0])).size < SYMBOLS.length)
      told.push(...(await life(exchange, path, 4000)));
    for (const symbol of SYMBOLS) {
      const stored = await candlesIn(path, symbol);
      const [first, last] = [stored[0]?.timestamp ?? 0, stored.at(-1)?.timestamp ?? 0];
      const truth = exchange.candles(seriesOf(symbol), first, last + 1);
      expect(stored.map(({ timestamp }) => timestamp)).toEqual(truth.map(({ timestamp }) => timestamp));
      expect(stored.filter((candle, index) => !sameCandle(candle, truth[index] ?? candle))).toEqual([]);
      const durable = told.filter((line) => line.startsWith(`${symbol} `)).map((line) => Number(line.split(' ')[1]));
      expect(new Set(durable).size).toBe(durable.length);
      expect(durable.filter((openTime) => !stored.some(({ timestamp }) => timestamp === openTime))).toEqual([]);
    }
  },
);
