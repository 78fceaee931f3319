import { Command, CommanderError, Help, type Option } from 'commander';
import { readFileSync } from 'node:fs';
import type { Terminal } from './terminal.ts';

/**
 * Each adds one command, in the order of the help; a new command is one file and one entry here. The command line waits
 * for the one that it names alone.
 */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  history: async () => (await import('./commands/history.ts')).addHistory,
  record: async () => (await import('./commands/record.ts')).addRecord,
  replay: async () => (await import('./commands/replay.ts')).addReplay,
  store: async () => (await import('./commands/store.ts')).addStore,
  feed: async () => (await import('./commands/feed.ts')).addFeed,
  chart: async () => (await import('./commands/chart.ts')).addChart,
  symbols: async () => (await import('./commands/symbols.ts')).addSymbolsCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
};

type AddCommand = (program: Command, terminal: Terminal) => void;

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
    const program = await programFor(args, terminal);
    await program.parseAsync(args, { from: 'user' });
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

async function programFor(args: readonly string[], terminal: Terminal): Promise<Command> {
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
  for (const add of await neededFor(args)) add(program, terminal);
  return program;
}

/** The one command that is named; all of them where none is, for the help, for completion and to guess what was meant. */
function neededFor(args: readonly string[]): Promise<AddCommand[]> {
  const name = args.find((word) => !word.startsWith('-')) ?? '';
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return Promise.all((load === undefined ? Object.values(COMMANDS) : [load]).map((one) => one()));
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
