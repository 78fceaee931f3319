import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { addDemo } from './commands/demo.ts';
import { addWatch } from './commands/watch.ts';
import type { Terminal } from './terminal.ts';

/** Each adds one command; a new command is one file and one entry here. */
const COMMANDS = [addWatch, addDemo];

/**
 * Runs one command line.
 *
 * @param args - without the names of program and script
 * @returns the exit code: 0 done or interrupted, 1 failed (with the reason in one line), 2 wrong usage
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await programFor(terminal).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err.write(`rx-candles: ${lineOf(error)}\n`);
    return 1;
  }
}

function programFor(terminal: Terminal): Command {
  const program = new Command('rx-candles')
    .description("Every closed candle of an exchange's stream: exactly once, in order, none missing.")
    .version(versionOfPackage())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
      outputError: (text, write) => write(`rx-candles: ${inOneLine(text.replace(/^error: /, ''))} (see --help)\n`),
    });
  for (const add of COMMANDS) add(program, terminal);
  return program;
}

function versionOfPackage(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": "(.*)"/.exec(text)?.[1] ?? 'unknown';
}

function lineOf(error: unknown): string {
  return inOneLine(error instanceof Error ? error.message : String(error));
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
