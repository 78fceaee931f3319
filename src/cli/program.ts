import { Command, CommanderError, Help, type Option } from 'commander';
import { readFileSync } from 'node:fs';
import { addChart } from './commands/chart.ts';
import { addCompletion } from './commands/completion.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addFeed } from './commands/feed.ts';
import { addHistory } from './commands/history.ts';
import { addSymbolsCommand } from './commands/symbols.ts';
import { addRecord } from './commands/record.ts';
import { addReplay } from './commands/replay.ts';
import { addStore } from './commands/store.ts';
import { addWatch } from './commands/watch.ts';
import type { Terminal } from './terminal.ts';

/** Each adds one command; a new command is one file and one entry here. */
const COMMANDS = [
  addWatch,
  addHistory,
  addRecord,
  addReplay,
  addStore,
  addFeed,
  addChart,
  addSymbolsCommand,
  addDoctor,
  addDemo,
  addCompletion,
];

/** Columns that an explanation in a help is wrapped into, at least: those of a terminal of 60. */
const NARROWEST_HELP = 20;

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
    terminal.err.write(failureOf(error, args));
    return 1;
  }
}

/** What is said of an error: one line, and with `--debug` its stack and that of its causes. */
export function failureOf(error: unknown, args: readonly string[]): string {
  const line = `rx-candles: ${inOneLine(error instanceof Error ? error.message : String(error))}\n`;
  return args.includes('--debug') ? `${line}${traceOf(error)}\n` : line;
}

function programFor(terminal: Terminal): Command {
  const program = new Command('rx-candles')
    .description("Every closed candle of an exchange's stream: exactly once, in order, none missing.")
    .version(versionOfPackage(), '-v, --version')
    .option('--debug', 'show the stack trace of an error')
    .exitOverride()
    .configureHelp({ formatHelp: helpOf, optionDescription: explained, minWidthToWrap: NARROWEST_HELP })
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
      outputError: (text, write) => write(`rx-candles: ${inOneLine(text.replace(/^error: /, ''))} (see --help)\n`),
    });
  for (const add of COMMANDS) add(program, terminal);
  return program;
}

/** Commander's own text, beginning with the command itself. */
function helpOf(command: Command, helper: Help): string {
  return new Help().formatHelp.call(helper, command, helper).replace(/^Usage: /, '');
}

/** Commander's own text; it does not say by itself what must be given. */
function explained(option: Option): string {
  const text = new Help().optionDescription(option);
  return option.mandatory ? `${text} (required)` : text;
}

function versionOfPackage(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": "(.*)"/.exec(text)?.[1] ?? 'unknown';
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${traceOf(error.cause)}`;
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
