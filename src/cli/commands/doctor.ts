import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { addSymbols } from '../arguments.ts';
import { Access } from '../doctor/access.ts';
import { EXCHANGE_CHECKS } from '../doctor/exchange-checks.ts';
import { examineAll } from '../doctor/show.ts';
import { LogAccess } from '../doctor/log-access.ts';
import { LOG_CHECKS } from '../doctor/log-checks.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, type FeedArguments } from '../feed-options.ts';
import { addLogOptions, checkLogOptions, NOT_WITH_NATS, type LogArguments } from '../log-options.ts';
import type { Terminal } from '../terminal.ts';

interface DoctorOptions extends FeedArguments, LogArguments {
  readonly quick?: true;
  readonly json?: true;
  /** ms. */
  readonly timeout: number;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const LONGEST_TIMEOUT_S = 600;

/** `rx-candles doctor`: what stands between this machine and the candles of an exchange. */
export function addDoctor(program: Command, terminal: Terminal): void {
  const command = program
    .command('doctor')
    .description(
      'check, step by step, all that candles need, and say what to mend: configuration, network, clock, stream',
    )
    .addArgument(
      new Argument('[symbols...]', 'what to watch, e.g. BTCUSDT (default: one that trades)').argParser(addSymbols),
    )
    .option('--quick', 'leave out what takes a minute: waiting for a close')
    .addOption(
      new Option('--timeout <seconds>', 'how long one check may wait')
        .argParser(toMs)
        .default(DEFAULT_TIMEOUT_MS, String(DEFAULT_TIMEOUT_MS / 1000)),
    )
    .option('--json', 'one JSON object per check and line');
  withExamples(
    addFeedOptions(addLogOptions(command, 'check a log instead of the exchange: nats://host:4222', NOT_WITH_NATS)),
    'rx-candles doctor',
    'rx-candles doctor ETHUSDT --venue binance-spot --quick',
    'rx-candles doctor --config bot.yaml --proxy socks5://127.0.0.1:1080',
    'rx-candles doctor --nats nats://127.0.0.1:4222',
    'rx-candles doctor --json --quick | jq -r \'select(.outcome == "failed").id\'',
  ).action((symbols: readonly string[], options: DoctorOptions) => {
    checkLogOptions(command, options);
    return (options.nats === undefined ? examineExchange : examineLog)(symbols, options, terminal);
  });
}

async function examineExchange(symbols: readonly string[], options: DoctorOptions, terminal: Terminal): Promise<void> {
  await using access = new Access(symbols, options);
  await examineAll({ checks: EXCHANGE_CHECKS, subject: access }, options, terminal);
}

async function examineLog(symbols: readonly string[], options: DoctorOptions, terminal: Terminal): Promise<void> {
  await using access = await LogAccess.open({ ...options, symbols });
  await examineAll({ checks: LOG_CHECKS, subject: access }, options, terminal);
}

/** Of seconds, as people write them. */
function toMs(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_S) return seconds * 1000;
  throw new InvalidArgumentError(`it must be a number of seconds above 0, at most ${LONGEST_TIMEOUT_S}`);
}
