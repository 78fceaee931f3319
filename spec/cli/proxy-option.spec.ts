import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addProxyOption, type ProxyOption } from '../../src/cli/proxy-option.ts';

it.each<[string[], ProxyOption]>([
  [[], {}],
  [['--proxy', 'socks5://bot:secret@host:1080'], { proxy: 'socks5://bot:secret@host:1080' }],
  [['--no-proxy'], { proxy: false }],
])('reads %j', async (args, expected) => {
  const command = new Command();
  await addProxyOption(command.action(() => undefined)).parseAsync(args, { from: 'user' });
  expect(command.opts()).toEqual(expected);
});
