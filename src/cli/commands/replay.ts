import { InvalidArgumentError, Option, type Command } from 'commander';
import { openStore, replay$ } from '../../store/index.ts';
import { withExamples } from '../examples.ts';
import { csv, ndjson, type Format } from '../format.ts';
import { print } from '../print.ts';
import { addStoredOptions, storedSeries, type StoredOptions } from '../stored-series.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface ReplayOptions extends StoredOptions {
  readonly speed?: number;
  readonly json?: true;
  readonly csv?: true;
}

/** `rx-candles replay`: what `watch` would have shown, from a store. */
export function addReplay(program: Command, terminal: Terminal): void {
  const command = program
    .command('replay')
    .description('print stored candles in the order in which they closed, at once or in their time')
    .argument('<file>', 'a store, as `record` writes it')
    .option('--speed <n>', 'so many times as fast as they closed (default: at once)', toSpeed)
    .addOption(new Option('--json', 'one JSON object per line').conflicts('csv'))
    .option('--csv', 'CSV with a header');
  withExamples(
    addStoredOptions(command),
    'rx-candles replay candles.db --speed 60',
    'rx-candles replay candles.db --symbol BTCUSDT --from 2026-01-01 --csv',
  ).action((file: string, options: ReplayOptions) => replay(file, options, terminal));
}

async function replay(file: string, options: ReplayOptions, terminal: Terminal): Promise<void> {
  const { speed, from, to } = options;
  await using store = await openStore(file, { readOnly: true });
  const series = await storedSeries(store, options);
  await print(replay$(store, series, { speed, from, to }), formatFor(options, terminal), terminal);
}

function formatFor(options: ReplayOptions, { out }: Terminal): Format {
  if (options.csv === true) return csv;
  return options.json === true || out.isTTY !== true ? ndjson : table(() => out.columns);
}

function toSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && speed < Infinity) return speed;
  throw new InvalidArgumentError('it must be a number above 0');
}
