import { Option, type Command } from 'commander';
import type { Interval, VenueId } from '../index.ts';
import type { CandleSeries, CandleStore } from '../store/index.ts';
import { VENUE_IDS } from '../configuration.ts';
import { addIntervals, addSymbols } from './arguments.ts';
import { toTime } from './time-argument.ts';

/** The options of every command that reads a store. */
export interface StoredOptions {
  readonly symbol?: readonly string[];
  readonly interval?: readonly Interval[];
  readonly venue?: VenueId;
  readonly from?: number;
  readonly to?: number;
}

/** Adds the options of `StoredOptions` to a command. */
export function addStoredOptions(command: Command): Command {
  return addSpanOptions(command).addOption(new Option('--venue <venue>', 'only this market').choices(VENUE_IDS));
}

/** The same without the venue, which may be an option of its own. */
export function addSpanOptions(command: Command): Command {
  return command
    .hook('preAction', (_, action) => {
      const { from = -Infinity, to = Infinity } = action.opts<StoredOptions>();
      if (from >= to) action.error('error: --from must be before --to');
    })
    .option('--symbol <symbols>', 'only these symbols; repeatable, or a comma-separated list', addSymbols)
    .option('-i, --interval <interval>', 'only these lengths; repeatable, or a comma-separated list', addIntervals)
    .option('--from <time>', 'first open time, as ISO date or time (UTC) or ms', toTime)
    .option('--to <time>', 'open time to end before', toTime);
}

/** The series of a store that are meant; an error where there are none. */
export async function storedSeries(store: CandleStore, options: StoredOptions): Promise<readonly CandleSeries[]> {
  const { symbol: symbols, interval: intervals, venue } = options;
  const wanted = symbols?.map((symbol) => symbol.toUpperCase());
  const all = await store.series();
  const found = all.filter(
    (one) =>
      (wanted === undefined || wanted.includes(one.symbol.toUpperCase())) &&
      (intervals === undefined || intervals.includes(one.interval)) &&
      (venue === undefined || venue === one.venue),
  );
  if (found.length > 0) return found;
  const has = all.map((one) => `${one.venue} ${one.symbol} ${one.interval}`).join(', ');
  throw new Error(`${store.path} has no such series; it has ${has === '' ? 'none' : has}`);
}
