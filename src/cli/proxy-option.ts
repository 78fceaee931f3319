import type { Command } from 'commander';
import { validateSettings } from '../configuration.ts';

/** What `--proxy` and `--no-proxy` leave in the options of a command. */
export interface ProxyOption {
  readonly proxy?: string | false;
}

/** Adds `--proxy` and `--no-proxy` to a command that connects. */
export function addProxyOption(command: Command): Command {
  return command
    .option('--proxy <url>', 'proxy for stream and REST, e.g. socks5://host:1080 (default: HTTPS_PROXY etc.)')
    .option('--no-proxy', 'connect directly, whatever config file and environment say')
    .hook('preAction', checkProxy);
}

/** Not while parsing: commander's own complaint repeats the value, which may hold a password. */
function checkProxy(command: Command): void {
  const { proxy } = command.opts<ProxyOption>();
  const [problem] = validateSettings({ proxy }).bad;
  if (problem === undefined) return;
  command.error(problem.replace(/^proxy: must be false or/, "error: option '--proxy <url>' must be"), { exitCode: 2 });
}
