import { Argument, type Command } from 'commander';
import { candidatesFor } from '../completion/candidates.ts';
import { SCRIPTS, type Shell } from '../completion/scripts.ts';
import { withExamples } from '../examples.ts';
import { printTexts } from '../print.ts';
import type { Terminal } from '../terminal.ts';

/** `rx-candles completion`: the script that makes a shell complete command lines. */
export function addCompletion(program: Command, terminal: Terminal): void {
  const command = program
    .command('completion')
    .description('print a script that completes commands, options and their values in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => printTexts([SCRIPTS[shell]], terminal));
  withExamples(
    command,
    'source <(rx-candles completion bash)    # in ~/.bashrc',
    'source <(rx-candles completion zsh)     # in ~/.zshrc, after compinit',
    'rx-candles completion fish | source     # in ~/.config/fish/config.fish',
  );
  // For the scripts: `__complete -- words`, the last of which is being typed.
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) =>
      printTexts(candidatesFor(program, words).map((word) => `${word}\n`), terminal),
    ); // prettier-ignore
}
