import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { buildPackage, type Built } from '../../support/built.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

const VENUE = 'binance-spot';

describe('rx-candles chart', () => {
  let exchange: FakeExchange;
  let built: Built;
  beforeAll(async () => {
    exchange = await startFakeExchange({ venues: [VENUE] });
    built = buildPackage();
  });
  afterAll(async () => {
    await exchange.close();
    built.remove();
  });

  const hosts = () => {
    const { stream, rest } = exchange.endpoints(VENUE);
    return ['--venue', VENUE, '--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
  };

  it('says first where its page is, and serves what was asked for until the user ends it', async () => {
    const { terminal, stop$, lines, err } = fakeTerminal();
    const done = run(['chart', 'btcusdt', 'ETHUSDT', '-i', '1m,60s,7m', ...hosts()], terminal);
    await until(() => lines().length > 0);
    expect(lines()).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/)]);
    const about: unknown = await (await fetch(`${lines()[0] ?? ''}api/about`)).json();
    expect(about).toEqual({ venue: VENUE, series: ['BTCUSDT:1m', 'BTCUSDT:7m', 'ETHUSDT:1m', 'ETHUSDT:7m'] });
    stop$.next();
    expect([await done, lines().length, err()]).toEqual([0, 1, expect.stringContaining('until Ctrl-C')]);
    await expect(fetch(lines()[0] ?? '')).rejects.toThrow();
  });

  it('fails with one line where its port is taken', async () => {
    const { port } = new URL(exchange.endpoints(VENUE).rest);
    const { terminal, err } = fakeTerminal();
    expect(await run(['chart', 'BTCUSDT', '--port', port, ...hosts()], terminal)).toBe(1);
    expect(err()).toBe(`rx-candles: port ${port} is taken; choose another with --port, or leave it out\n`);
  });

  it.each([
    [['chart', 'BTCUSDT', '-i', '7x'], 'like 7m'],
    [['chart', 'BTCUSDT', '--port', '70000'], 'at most 65535'],
    [['chart', 'BTCUSDT', '--port', 'x'], 'whole number'],
    [['chart'], "missing required argument 'symbols'"],
  ])('takes %j for wrong usage', async (args, why) => {
    const { terminal, out, err } = fakeTerminal();
    expect([await run(args, terminal), out()]).toEqual([2, '']);
    expect(err()).toContain(why);
  });

  it('is built with all that its page needs, and ends with Ctrl-C', async () => {
    const child = spawn(process.execPath, [built.cli, 'chart', 'BTCUSDT', ...hosts()]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const url = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
    const page = await (await fetch(url)).text();
    const parts = [...page.matchAll(/(?:src|href)="([a-z][\w.-]*)"/g)].map(([, name]) => name ?? '');
    expect(parts).toEqual(expect.arrayContaining(['chart.js', 'style.css', 'icon.svg', 'licences.txt']));
    for (const part of [...parts, 'lightweight-charts.js']) expect((await fetch(url + part)).status, part).toBe(200);
    expect(await (await fetch(`${url}licences.txt`)).text()).toMatch(/^TradingView Lightweight Charts™\nCopyright /);
    expect(page).toContain('href="https://www.tradingview.com/"');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
