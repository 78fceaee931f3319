import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import type { Candle } from '../../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const VENUE = 'binance-spot';

describe('rx-candles watch', () => {
  let exchange: FakeExchange;
  let folder: string;
  beforeAll(async () => {
    exchange = await startFakeExchange();
    folder = mkdtempSync(join(tmpdir(), 'rx-candles-watch-'));
  });
  afterAll(async () => {
    await exchange.close();
    rmSync(folder, { recursive: true });
  });

  const hosts = () => {
    const { stream, rest } = exchange.endpoints(VENUE);
    return ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
  };
  async function watch(args: string[], options?: { isTTY?: boolean; columns?: number }) {
    const { terminal, plain, err, lines } = fakeTerminal(options);
    const code = await run(['watch', ...hosts(), ...args], terminal);
    return { code, plain: plain(), err: err(), lines: lines() };
  }
  const candlesIn = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Candle);

  it('writes NDJSON when piped, merges its series, and stops after the count', async () => {
    const { code, lines } = await watch(['btcusdt', 'ETHUSDT', '--interval', '1s', '--count', '4']);
    const candles = candlesIn(lines);
    expect([code, candles.length]).toEqual([0, 4]);
    expect(candles.filter(({ symbol }) => symbol === 'BTCUSDT').length).toBeGreaterThan(0);
    // Which way each came is the machine's affair: a close that is late on it is fetched.
    for (const { source, ...candle } of candles) {
      expect(['stream', 'backfill']).toContain(source);
      const truth = exchange.candleAt({ venue: VENUE, symbol: candle.symbol, interval: '1s' }, candle.timestamp);
      expect({ ...candle, source: 'stream' }).toEqual(truth);
    }
  });

  it('begins with the history asked for', async () => {
    const { code, lines } = await watch(['BTCUSDT', '--interval', '1m', '--history', '5', '--count', '5']);
    const candles = candlesIn(lines);
    expect(code).toBe(0);
    expect(candles.map(({ source }) => source)).toEqual(Array(5).fill('history'));
    const truth = exchange.candles(
      { venue: VENUE, symbol: 'BTCUSDT', interval: '1m' },
      candles[0]?.timestamp ?? 0,
      exchange.now(),
    );
    expect(candles.map(({ timestamp }) => timestamp)).toEqual(truth.slice(0, 5).map(({ timestamp }) => timestamp));
  });

  it('begins after the time asked for, for every interval', async () => {
    const since = new Date(exchange.now() - 3 * 3_600_000).toISOString();
    const { lines } = await watch(['BTCUSDT', '-i', '1h,30m', '--since', since, '--count', '7', '--json']);
    const candles = candlesIn(lines);
    expect(candles).toHaveLength(7);
    expect(candles.every(({ timestamp }) => timestamp > Date.parse(since))).toBe(true);
    expect(new Set(candles.map(({ interval }) => interval))).toEqual(new Set(['1h', '30m']));
  });

  it('writes CSV with one header', async () => {
    const { code, lines } = await watch(['BTCUSDT', '--history', '3', '--count', '3', '--csv'], { isTTY: true });
    expect([code, lines.length]).toEqual([0, 4]);
    expect(lines[0]).toMatch(/^venue,symbol,interval,timestamp,/);
    expect(lines.slice(1).every((line) => line.split(',').length === lines[0]?.split(',').length)).toBe(true);
  });

  it('draws a live table on a terminal, and stops after the count', async () => {
    const { code, plain } = await watch(['BTCUSDT', '--history', '2', '--count', '2'], { isTTY: true, columns: 160 });
    expect(code).toBe(0);
    expect(plain).toMatch(/^symbol +length +time \(UTC\)[^]*\n● connected[^]*\nBTCUSDT +1m [^\n]* history\n/);
  });

  it('fills the live table with the last closes, which are not counted', async () => {
    const { terminal, stop$, plain } = fakeTerminal({ isTTY: true, columns: 160 });
    const done = run(['watch', ...hosts(), 'BTCUSDT', 'NOSUCH', '-i', '1s', '--count', '25'], terminal);
    await until(() => /[▁▂▃▄▅▆▇█]{30}/.test(plain()), 'more closes than it is to count');
    stop$.next();
    expect(await done).toBe(0);
  });

  it.each([
    [{ isTTY: true, columns: 59 }, {}],
    [{ isTTY: true, columns: 160 }, { NO_COLOR: '1' }],
    [{ isTTY: true, columns: 160 }, { TERM: 'dumb' }],
  ])('writes plain lines on %j with %j', async (terminal, env) => {
    const before = { NO_COLOR: process.env['NO_COLOR'], TERM: process.env['TERM'] };
    Object.assign(process.env, env);
    const { lines } = await watch(['BTCUSDT', '--history', '2', '--count', '2'], terminal);
    for (const [name, value] of Object.entries(before))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    expect(lines[0]).toMatch(/^open time \(UTC\) +symbol /);
    expect([lines.length, lines.join('').includes('\u001b')]).toEqual([3, false]);
  });

  it('draws all columns on a terminal that says its width is 0', async () => {
    const { lines } = await watch(['BTCUSDT', '--history', '2', '--count', '2'], { isTTY: true, columns: 0 });
    expect(lines[0]).toMatch(/^open time \(UTC\) .* trades +source$/);
    expect(lines).toHaveLength(3);
  });

  it('reads hosts and market from the config file, and lets the command line win', async () => {
    const { stream, rest } = exchange.endpoints(VENUE);
    const config = join(folder, 'feed.yaml');
    writeFileSync(
      config,
      `venue: binance-usdm\nlogLevel: silent\nendpoints: { stream: ${stream}, rest: 'http://127.0.0.1:1' }\n`,
    );
    const { terminal, lines } = fakeTerminal();
    const args = ['--config', config, '--venue', VENUE, '--rest-url', rest, '--history', '1', '--count', '1'];
    expect(await run(['watch', 'BTCUSDT', ...args], terminal)).toBe(0);
    expect(candlesIn(lines())).toHaveLength(1);
  });

  it('takes a config.yaml that it finds for somebody else’s, and one that is named for ours', async () => {
    const home = process.cwd();
    writeFileSync(join(folder, 'config.yaml'), 'strategy: { fast: 5 }\n');
    process.chdir(folder);
    try {
      const found = await watch(['BTCUSDT', '--history', '1', '--count', '1']);
      expect([found.code, found.lines.length]).toEqual([0, 1]);
      const named = await watch(['BTCUSDT', '--config', 'config.yaml']);
      expect(named.code).toBe(1);
      expect(named.err).toMatch(
        /^rx-candles: bad option: config\.yaml: strategy: is not an option[^\n]*rxCandles[^\n]*\n$/,
      );
    } finally {
      process.chdir(home);
    }
  });

  it.each([
    [['NOSUCH'], /^rx-candles: binance-spot does not list the symbol "NOSUCH"[^\n]*\n$/],
    [['BTC'], /"BTC"; did you mean BTCUSDT\?\n$/],
    [['NOSUCH', 'BTC'], /"NOSUCH"[^\n]*\n[^\n]*"BTC"[^\n]*\nrx-candles: none of these series can be watched\n$/],
  ])('fails with one line over %j', async (args, line) => {
    const { code, err } = await watch(args);
    expect(code).toBe(1);
    expect(err).toMatch(line);
  });

  it('tells of a symbol that cannot be watched, and goes on with the others', async () => {
    const { code, lines, err } = await watch(['BTCUSDT', 'NOSUCH', '--interval', '1s', '--count', '3']);
    expect([code, candlesIn(lines).map(({ symbol }) => symbol)]).toEqual([0, ['BTCUSDT', 'BTCUSDT', 'BTCUSDT']]);
    expect(err).toMatch(/^rx-candles: binance-spot does not list the symbol "NOSUCH"[^\n]*\n$/);
  });

  it('fails with one line over an interval that the market lacks', async () => {
    const { terminal, err } = fakeTerminal();
    const { stream, rest } = exchange.endpoints();
    const args = ['--stream-url', stream, '--rest-url', rest, '--log-level', 'silent', '-i', '1s'];
    expect(await run(['watch', 'BTCUSDT', ...args], terminal)).toBe(1);
    expect(err()).toMatch(/^rx-candles: interval "1s" is not one of 1m [^\n]*; binance-spot has it\n$/);
  });

  it('names every problem of its hosts in one line', async () => {
    const { terminal, err } = fakeTerminal();
    const args = [
      '--stream-url',
      'ws://127.0.0.1/stream',
      '--rest-url',
      'http://127.0.0.1/fapi/v1',
      '--log-level',
      'silent',
    ];
    expect(await run(['watch', 'BTCUSDT', ...args], terminal)).toBe(1);
    expect(err()).toMatch(/^rx-candles: bad options: endpoints\.stream: [^\n]*; endpoints\.rest: [^\n]*\n$/);
  });

  it('ends with 0 when the user wants an end, and closes its sockets', async () => {
    const { terminal, stop$, lines } = fakeTerminal();
    const done = run(['watch', ...hosts(), 'BTCUSDT', '--interval', '1s'], terminal);
    await until(() => lines().length > 0, 'a candle');
    stop$.next();
    expect(await done).toBe(0);
    await until(() => exchange.stats.connections === 0, 'the exchange to notice');
  });

  it('ends with 0 when nobody reads any more', async () => {
    const { terminal, gone$ } = fakeTerminal();
    const done = run(['watch', ...hosts(), 'BTCUSDT'], terminal);
    setTimeout(() => gone$.next(), 100);
    expect(await done).toBe(0);
  });
});
