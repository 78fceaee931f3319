import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csv, ndjson } from '../../../src/cli/format.ts';
import { run } from '../../../src/cli/program.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { openStore, type CandleSeries } from '../../../src/store/index.ts';
import type { Candle } from '../../../src/index.ts';
import { storeFolder } from '../../support/stored.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const VENUE = 'binance-spot';
const MINUTE = 60_000;
const folder = storeFolder();
let exchange: FakeExchange;
let path: string;

beforeAll(async () => {
  exchange = await startFakeExchange();
});
beforeEach(() => {
  path = folder.newFile();
});
afterAll(async () => {
  await exchange.close();
  folder.remove();
});

const hosts = (): readonly string[] => {
  const { stream, rest } = exchange.endpoints(VENUE);
  return ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
};

async function command(...args: string[]) {
  const { terminal, out, err, lines } = fakeTerminal();
  const code = await run(args, terminal);
  return { code, out: out(), err: err(), lines: lines() };
}

const BTC: CandleSeries = { venue: VENUE, symbol: 'BTCUSDT', interval: '1m' };
const FROM = Date.UTC(2026, 0, 1);
const truth = (series = BTC, count = 5): Candle[] => exchange.candles(series, FROM, FROM + count * MINUTE);

/** A store of five minutes of two symbols, the second of which lacks one. */
async function filled(): Promise<readonly Candle[]> {
  await using store = await openStore(path);
  const eth = { ...BTC, symbol: 'ETHUSDT' };
  const candles = [...truth(), ...truth(eth).filter((_, minute) => minute !== 2)];
  await store.append(candles, [{ ...eth, from: FROM + 2 * MINUTE, to: FROM + 2 * MINUTE }]);
  return candles;
}

describe('rx-candles record', () => {
  it('stores candles until it is told to stop, and goes on after that', async () => {
    const start = async () => {
      const { terminal, stop$, lines, err } = fakeTerminal();
      const ended = run(
        ['record', 'btcusdt', 'nosuch', '-i', '1s', '--history', '5', '--store', path, ...hosts()],
        terminal,
      );
      return { stop$, ended, lines, err };
    };
    const first = await start();
    const stored = async () => (existsSync(path) ? (await command('store', 'info', path, '--json')).lines : []);
    let count = 0;
    for (let turn = 0; turn < 600 && count < 7; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      count = (JSON.parse((await stored())[0] ?? '{}') as { candles?: number }).candles ?? 0;
    }
    expect(count).toBeGreaterThanOrEqual(7);
    first.stop$.next();
    expect(await first.ended).toBe(0);
    expect(first.err()).toContain('"NOSUCH"');
    expect(first.lines().at(-1)).toMatch(/^\d{4}-\S+Z \d+ candles of 1 series stored, none missing/);
    const second = await start();
    await until(() => second.err().includes('NOSUCH'));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    second.stop$.next();
    expect(await second.ended).toBe(0);
    await using store = await openStore(path);
    const [last, info] = [await store.last({ ...BTC, interval: '1s' }), (await store.info())[0]];
    expect(info?.candles).toBe(((last?.timestamp ?? 0) - (info?.first ?? 0)) / 1000 + 1);
    expect(await command('store', 'audit', path, ...hosts())).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('no difference in 1 series') as string,
    });
  });

  it('fails where no series can be had, or no store', async () => {
    expect(await command('record', 'nosuch', '--store', path, ...hosts())).toMatchObject({ code: 1 });
    const nowhere = await command('record', 'BTCUSDT', '--store', join(path, 'a.db'), ...hosts());
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining(join(path, 'a.db')) as string]);
    expect(await command('record', 'BTCUSDT', ...hosts())).toMatchObject({ code: 2 });
  });
});

describe('rx-candles replay', () => {
  it('prints what was stored in the order in which it closed', async () => {
    const candles = await filled();
    const { code, out } = await command('replay', path);
    const sorted = candles.toSorted((a, b) => a.closeTime - b.closeTime || (a.symbol < b.symbol ? -1 : 1));
    expect([code, out]).toEqual([0, sorted.map((candle) => ndjson.line(candle)).join('')]);
    const part = ['--symbol', 'ethusdt', '--from', '2026-01-01T00:03Z', '--csv'];
    expect((await command('replay', path, ...part)).out).toBe(
      csv.head +
        candles
          .slice(-2)
          .map((candle) => csv.line(candle))
          .join(''),
    );
  });

  it('says what there is where it has no such series, and makes no file', async () => {
    await filled();
    const none = await command('replay', path, '--symbol', 'XRPUSDT');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('binance-spot ETHUSDT 1m') as string]);
    const missing = join(folder.path, 'nowhere.db');
    expect(await command('replay', missing)).toMatchObject({
      code: 1,
      err: `rx-candles: ${missing}: does not exist\n`,
    });
    expect(existsSync(missing)).toBe(false);
    expect(await command('replay', path, '--speed', '0')).toMatchObject({ code: 2 });
  });
});

describe('rx-candles store', () => {
  it('tells spans, gaps and size', async () => {
    await filled();
    {
      await using store = await openStore(path);
      const gap = { from: Date.UTC(2026, 0, 1, 0, 5), to: Date.UTC(2026, 0, 1, 0, 6) };
      await store.append([], [{ ...BTC, symbol: 'ETHUSDT', ...gap, reason: 'no trades' }]);
    }
    const { lines } = await command('store', 'info', path);
    expect(lines[0]).toMatch(/: 2 series, 0\.\d MB$/);
    expect(lines.slice(1)).toEqual([
      'binance-spot BTCUSDT 1m: 5 candles, 2026-01-01T00:00Z to 2026-01-01T00:04Z, 0 gaps',
      'binance-spot ETHUSDT 1m: 4 candles, 2026-01-01T00:00Z to 2026-01-01T00:04Z, 2 gaps',
      '  missing at the exchange: 2026-01-01T00:02Z to 2026-01-01T00:02Z',
      '  missing at the exchange: 2026-01-01T00:05Z to 2026-01-01T00:06Z (no trades)',
    ]);
  });

  it('tells what the exchange says otherwise', async () => {
    const [first] = await filled();
    await using other = await openStore(path);
    await other.append([{ ...truth(BTC, 6)[5], volume: 1 } as Candle]);
    const { lines, err } = await command('store', 'audit', path, ...hosts());
    const findings = lines.map((line) => JSON.parse(line) as { kind: string; candle: Candle });
    expect(
      findings.map(({ kind, candle }) => [kind, candle.symbol, (candle.timestamp - (first?.timestamp ?? 0)) / MINUTE]),
    ).toEqual([
      ['revised', 'BTCUSDT', 5],
      ['added', 'ETHUSDT', 2],
    ]);
    expect(err).toContain('2 differences in 2 series');
  });

  it('exports to files that do not exist yet, and imports them again', async () => {
    const candles = await filled();
    const [text, lines, lake] = ['a.csv', 'a.ndjson', 'lake'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    for (const out of [text, lines, lake])
      expect((await command('store', 'export', path, '--out', out)).err).toBe(`rx-candles: 9 candles in ${out}\n`);
    expect(readFileSync(text, 'utf8')).toBe(csv.head + candles.map((candle) => csv.line(candle)).join(''));
    expect(readFileSync(lines, 'utf8')).toBe(candles.map((candle) => ndjson.line(candle)).join(''));
    expect(existsSync(join(lake, 'venue=binance-spot/symbol=BTCUSDT/interval=1m/day=2026-01-01/candles.parquet'))).toBe(
      true,
    );
    expect(await command('store', 'export', path, '--out', text)).toMatchObject({ code: 1 });
    const copy = folder.newFile();
    const imported = await command('store', 'import', copy, text, '--venue', VENUE);
    expect([imported.code, imported.err]).toEqual([0, `rx-candles: ${text}: 9 candles, 9 new\n`]);
    const json = join(folder.path, 'BTC_USDT-1m.json');
    writeFileSync(json, '[]');
    expect(await command('store', 'import', copy, json, '--venue', VENUE)).toMatchObject({ code: 1 });
  });
});
