import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { fakeTerminal } from '../../support/terminal.ts';

async function wordsAfter(...words: string[]) {
  const { terminal, lines } = fakeTerminal();
  expect(await run(['__complete', '--', ...words], terminal)).toBe(0);
  return lines();
}

describe('rx-candles completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program', async (shell) => {
    const { terminal, out, err } = fakeTerminal();
    expect(await run(['completion', shell], terminal)).toBe(0);
    expect([out(), err()]).toEqual([expect.stringContaining('rx-candles __complete -- '), '']);
  });

  it('takes another shell for wrong usage', async () => {
    const { terminal, err } = fakeTerminal();
    expect(await run(['completion', 'csh'], terminal)).toBe(2);
    expect(err()).toContain('Allowed choices are bash, zsh, fish');
  });

  it.each([
    [['w'], ['watch']],
    [['watch', 'BTCUSDT', '--st'], ['--stream-url']],
    [['watch', 'BTCUSDT', '--venue', 'binance-s'], ['binance-spot']],
    [['watch', 'BTCUSDT', '--json', '--log-level', 's'], ['silent']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', '--help'],
    ],
    [['history', 'BTCUSDT', '--out', ''], []],
    [['nothing', 'x'], []],
  ])('completes %j with %j', async (words, candidates) => {
    expect(await wordsAfter(...words)).toEqual(candidates);
  });

  it('offers every command but the one for itself', async () => {
    const words = await wordsAfter('');
    expect(words).toEqual(
      expect.arrayContaining(['watch', 'history', 'chart', 'symbols', 'demo', 'completion', '--version']),
    );
    expect(words).not.toContain('__complete');
  });
});
