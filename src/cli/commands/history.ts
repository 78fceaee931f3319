import { Argument, InvalidArgumentError, type Command } from 'commander';
import { VENUE_IDS } from '../../configuration.ts';
import type { Interval } from '../../index.ts';
import { addIntervals, addSymbols } from '../arguments.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, type FeedArguments } from '../feed-options.ts';
import type { HistoryRequest } from '../history/candle-file.ts';
import { FILE_ENDINGS, fileKindOf, type OpenFile } from '../history/file-kind.ts';
import { saveHistory } from '../history/save.ts';
import type { Terminal } from '../terminal.ts';
import { toTime } from '../time-argument.ts';

type Asked = Omit<HistoryOptions, 'to'> & { readonly to?: number };

interface HistoryOptions extends FeedArguments {
  readonly interval?: readonly Interval[];
  readonly from: number;
  readonly to: number;
  readonly out: { readonly path: string; readonly open: OpenFile };
}

/** `rx-candles history`: the closed candles of a past span, to a file. */
export function addHistory(program: Command, terminal: Terminal): void {
  const command = program
    .command('history')
    .description('save the closed candles of a past span to a file; resumes a file that was cut off')
    .addArgument(
      new Argument('<symbols...>', 'e.g. BTCUSDT; the file holds one series after another').argParser(addSymbols),
    )
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …; repeatable, or a comma-separated list (default: 1m)',
      addIntervals,
    )
    .requiredOption('--from <time>', 'first open time, as ISO date or time (UTC) or ms; 0 for all there is', toTime)
    .option('--to <time>', 'open time to end before (default: now)', toTime)
    .requiredOption('-o, --out <file>', `the file, by its ending ${FILE_ENDINGS.join(', ')}`, toOut);
  withExamples(
    addFeedOptions(command),
    'rx-candles history BTCUSDT --from 2026-01-01 --to 2026-02-01 --out btc.csv',
    'rx-candles history BTCUSDT ETHUSDT -i 1h --from 2024-01-01 --out hours.parquet',
    'rx-candles history BTCUSDT --venue binance-spot -i 1d --from 0 --out days.ndjson',
  ).action((symbols: readonly string[], options: Asked) => {
    const { from, to = Date.now() } = options;
    if (from >= to) command.error(`error: --from must be before ${options.to === undefined ? 'now' : '--to'}`);
    return history(symbols, { ...options, to }, terminal);
  });
}

async function history(symbols: readonly string[], options: HistoryOptions, terminal: Terminal): Promise<void> {
  const { interval: intervals = ['1m'], from, to, out } = options;
  const settings = await feedOptionsOf(options);
  const wanted = symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
  const request: HistoryRequest = { venue: settings.venue ?? VENUE_IDS[0], wanted, from, to };
  await saveHistory({ request, settings, ...out }, terminal);
}

function toOut(path: string): HistoryOptions['out'] {
  const open = fileKindOf(path);
  if (open !== undefined) return { path, open };
  throw new InvalidArgumentError(`it must end with one of ${FILE_ENDINGS.join(', ')}`);
}
