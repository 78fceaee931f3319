import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeExchange, type FakeExchange, type Fault } from '../../src/testing/index.ts';
import { buildPackage, type Built } from '../support/built.ts';
import { until } from '../support/until.ts';

/** `HISTORY_KILLS=100` for a long run. */
const KILLS = Number(process.env['HISTORY_KILLS'] ?? 1);
const VENUE = 'binance-spot';
const HOUR = 3_600_000;

describe('rx-candles history, killed', () => {
  let built: Built;
  let exchange: FakeExchange;
  let folder: string;
  let span: readonly string[];
  let slowness: Fault;
  beforeAll(async () => {
    built = buildPackage();
    exchange = await startFakeExchange();
    slowness = exchange.faults.rest.slow(40);
    folder = mkdtempSync(join(tmpdir(), 'rx-candles-killed-'));
    const to = Math.floor(exchange.now() / HOUR) * HOUR - HOUR;
    span = ['--from', String(to - 50 * HOUR), '--to', String(to)];
  });
  afterAll(async () => {
    await exchange.close();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  function start(out: string) {
    const { stream, rest } = exchange.endpoints(VENUE);
    const hosts = ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest];
    const args = ['history', 'BTCUSDT', 'ETHUSDT', ...span, ...hosts, '--out', out];
    const child = spawn(process.execPath, [built.cli, ...args], { cwd: folder, stdio: 'ignore' });
    return Object.assign(child, { ended: once(child, 'exit') });
  }

  it(`ends with the same bytes, killed ${KILLS} times`, async () => {
    const [whole, cut] = [join(folder, 'whole.csv'), join(folder, 'cut.csv')];
    const begun = performance.now();
    expect(await start(whole).ended).toEqual([0, null]);
    const lastsMs = performance.now() - begun;
    for (let kills = 0; kills < KILLS;) {
      const child = start(cut);
      const killing = setTimeout(() => child.kill('SIGKILL'), Math.random() * lastsMs);
      const [code] = (await child.ended) as [number | null];
      clearTimeout(killing);
      if (code === null) kills += 1;
      else {
        expect([code, readFileSync(cut).equals(readFileSync(whole))]).toEqual([0, true]);
        rmSync(cut);
      }
    }
    expect(await start(cut).ended).toEqual([0, null]);
    expect(readFileSync(cut).equals(readFileSync(whole))).toBe(true);
  }, 3_600_000);

  it('leaves no part of a Parquet file', async () => {
    const before = exchange.stats.klines.length;
    const hasPages = () => exchange.stats.klines.length > before + 3;
    slowness.stop();
    exchange.faults.rest.hang({ match: hasPages });
    const child = start(join(folder, 'cut.parquet'));
    await until(hasPages, 'some pages');
    child.kill('SIGKILL');
    await child.ended;
    expect(existsSync(join(folder, 'cut.parquet'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['cut.csv', 'whole.csv']);
  });
});
