import type { Interval, VenueId } from '../index.ts';
import { importCsv, importFreqtrade, type CandleStore, type Imported } from '../store/index.ts';

/** What the files themselves may not say. */
export interface ImportOptions {
  readonly venue: VenueId;
  readonly symbol?: readonly string[];
  readonly interval?: readonly Interval[];
}

/**
 * Stores the candles of a file, which is freqtrade's if it ends in `.json`.
 *
 * @returns what to say of it
 */
export async function importFile(store: CandleStore, path: string, options: ImportOptions): Promise<string> {
  const { candles, added, revised } = await imported(store, path, options);
  const differing = revised.length === 0 ? '' : `, ${revised.length} differ from those stored`;
  return `${path}: ${candles} candles, ${added} new${differing}`;
}

async function imported(store: CandleStore, path: string, options: ImportOptions): Promise<Imported> {
  const { venue, symbol: [symbol] = [], interval: [interval] = [] } = options;
  if (!path.endsWith('.json'))
    return importCsv(store, path, { venue, ...(symbol && { symbol }), ...(interval && { interval }) });
  if (symbol === undefined || interval === undefined)
    throw new Error(`${path}: a file of freqtrade does not say what it holds; add --symbol and --interval`);
  return importFreqtrade(store, path, { venue, symbol, interval });
}
