import { expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { pages, textOf } from './pages.ts';

/** Command lines of a page, from ```sh blocks and from `code`: without comments, and without what follows a pipe. */
function commandLines(page: string, command: RegExp): string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => (block ?? '').split('\n'));
  const inline = [...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
  return [...blocks, ...inline].flatMap((line) => line.split(/[|)#]|&&/)).filter((line) => command.test(line));
}

const OF_OURS = /^\s*(?:source <\()?(?:npx )?rx-candles [a-z]/;

/** Its help, to the last subcommand: `store audit`. Undefined where there is no such command. */
async function helpOf(words: readonly string[]): Promise<string | undefined> {
  const names = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, 2);
  for (const path of [names, names.slice(0, 1)]) {
    const { terminal, out } = fakeTerminal();
    if ((await run([...path, '--help'], terminal)) === 0 && out().startsWith(`rx-candles ${path.join(' ')} `))
      return out();
  }
  return undefined;
}

it.each(pages())('%s shows only commands and options that there are', async (page) => {
  const wrong: string[] = [];
  for (const line of commandLines(page, OF_OURS)) {
    const [, ...words] = line.trim().replace(/^.*?(?=rx-candles )/, '').split(/\s+/); // prettier-ignore
    const help = await helpOf(words);
    const options = words.filter((word) => /^-/.test(word) && word !== '--help').map((word) => word.replace(/=.*/, ''));
    if (help === undefined || options.some((option) => !help.includes(option))) wrong.push(line);
  }
  expect(wrong).toEqual([]);
});

it.each(pages())('%s shows only scripts that package.json has', (page) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Readonly<Record<string, string>> };
  const lines = commandLines(page, /^\s*npm run /).map((line) => line.trim().split(/\s+/)[2] ?? '');
  expect(lines.filter((name) => !(name in scripts))).toEqual([]);
});
