import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../src/cli/program.ts';
import { fakeTerminal } from '../support/terminal.ts';

interface Service {
  readonly image: string;
  readonly command: readonly string[];
}

const { services } = parse(readFileSync('docs/log/compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const ours = Object.entries(services).filter(([, { image }]) => image === 'rx-candles');

describe('docs/log/compose.yaml', () => {
  it('has two feeders and a reader', () => {
    expect(ours.map(([, { command }]) => command[0])).toEqual(['feed', 'feed', 'watch']);
  });

  it.each(ours)('starts %s with options that its command has', async (_, { command }) => {
    const { terminal, out } = fakeTerminal();
    expect(await run([command[0] ?? '', '--help'], terminal)).toBe(0);
    const words = out().split(/[\s,]+/);
    const options = command.filter((word) => word.startsWith('-'));
    expect(options.filter((option) => !words.includes(option))).toEqual([]);
  });
});
