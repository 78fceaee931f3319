import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { fakeTerminal } from '../../support/terminal.ts';

describe('rx-candles demo', () => {
  it('says what it shows, loses a connection and no candle, and ends by itself', async () => {
    const { terminal, lines, err } = fakeTerminal();
    const code = await run(['demo', '--count', '18', '--seed', '7'], terminal);
    expect({ code, err: err(), last: lines().at(-1) }).toMatchObject({ code: 0, err: '' });
    expect(lines()).toHaveLength(1 + 1 + 18 + 1);
    expect(lines()[0]).toContain('3 one-second series from a fake exchange');
    expect(lines().at(-1)).toMatch(
      /^18 candles of 3 series: 0 missing, 0 repeated, 0 out of order, 0 wrong; connections dropped: 1, candles fetched: [1-9]\d*$/,
    );
  });

  it.concurrent.each([
    ['bybit-linear', 'one-minute', 1],
    ['okx', 'one-second', 6],
    ['ccxt:okx', 'one-minute', 1],
  ])('speaks as %s does, and need not be waited for', async (venue, length, count) => {
    const { terminal, lines } = fakeTerminal();
    expect(await run(['demo', '--venue', venue, '--count', String(count)], terminal)).toBe(0);
    expect(lines()[0]).toContain(`3 ${length} series from a fake exchange on this machine, which speaks as ${venue}`);
    expect(lines().at(-1)).toMatch(/^\d candles of 3 series: 0 missing, 0 repeated, 0 out of order, 0 wrong; /);
  });

  it('says which exchanges of ccxt it can speak for', async () => {
    const { terminal, err } = fakeTerminal();
    expect(await run(['demo', '--venue', 'ccxt:kraken'], terminal)).toBe(2);
    expect(err()).toContain(
      'The fake exchange does not speak as kraken does; of ccxt it has ccxt:binance, ccxt:binanceusdm, ccxt:bybit, ccxt:gate, ccxt:okx.',
    );
  });

  it('sums up what came when the user wants an end', async () => {
    const { terminal, stop$, lines } = fakeTerminal();
    const done = run(['demo'], terminal);
    while (lines().length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    stop$.next();
    expect(await done).toBe(0);
    expect(lines().at(-1)).toMatch(/^\d+ candles of 3 series: 0 missing, 0 repeated, 0 out of order, 0 wrong;/);
  });
});
