import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import type { SymbolInfo } from '../../../src/index.ts';
import { startFakeExchange, type FakeExchange } from '../../../src/testing/index.ts';
import { fakeTerminal } from '../../support/terminal.ts';

describe('rx-candles symbols', () => {
  let exchange: FakeExchange;
  beforeAll(async () => void (exchange = await startFakeExchange()));
  afterAll(() => exchange.close());

  async function symbols(args: readonly string[], options?: { isTTY?: boolean; columns?: number }) {
    const { terminal, lines, err } = fakeTerminal(options);
    const { stream, rest } = exchange.endpoints();
    const hosts = ['--stream-url', stream, '--rest-url', rest, '--log-level', 'silent'];
    return { code: await run(['symbols', ...args, ...hosts], terminal), lines: lines(), err: err() };
  }

  it('lists what the market has, under titles', async () => {
    const { code, lines, err } = await symbols([]);
    expect([code, err, lines.length]).toEqual([0, '', 7]);
    expect(lines[0]).toMatch(/^symbol +status +base +quote +price step +quantity step +listed +delivery$/);
    expect(lines[1]).toMatch(/^BTCUSDT +TRADING +BTC +USDT +0\.\d+ +0\.\d+ +\d{4}-\d\d-\d\d/);
  });

  it('filters by a text in any case', async () => {
    const { lines } = await symbols(['eth', '--json']);
    expect(lines.map((line) => (JSON.parse(line) as SymbolInfo).symbol)).toEqual(['ETHUSDT']);
  });

  it('leaves out columns on a narrow terminal', async () => {
    const { lines } = await symbols([], { isTTY: true, columns: 40 });
    expect(lines[0]).toMatch(/^symbol +status +base +quote$/);
  });

  it('says so when nothing is found, and what may have been meant', async () => {
    const { code, lines, err } = await symbols(['BTCUSTD']);
    expect([code, lines]).toEqual([0, []]);
    expect(err).toBe('rx-candles: no symbol contains "BTCUSTD"; did you mean BTCUSDT?\n');
  });
});
