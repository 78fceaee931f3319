import type { CandleSeries, CandleStore } from '../ports/candle-store.ts';
import type { Imported } from './files/import.ts';
import type { ExportSpan, ExportedFile } from './files/parquet.ts';

// What reads and writes files is loaded when it is needed.

/**
 * Writes stored candles as Parquet, times as timestamps in UTC. To a path that ends in `.parquet`: one file, with a column
 * for each field. To any other: a folder of days as Hive names them (`venue=…/symbol=…/interval=…/day=2026-01-31`), which
 * DuckDB and others read as one table; what the path says is not repeated in the files. A file that exists is
 * replaced once the new one is whole.
 *
 * @returns the files written; rejects with StoreError, ConfigError, or what the file system says
 */
export async function exportParquet(
  store: CandleStore,
  path: string,
  span: ExportSpan = {},
): Promise<readonly ExportedFile[]> {
  const files = await import('./files/parquet.ts');
  return files.exportParquet(store, path, span);
}

/**
 * Stores the candles of a CSV file: one with a header, as `store export`, pandas and most programs write it, or an archive
 * of data.binance.vision, with or without a header, zipped or not. Times may be in s, ms, µs or ns since the epoch, or dates
 * (UTC unless they say otherwise); columns that the file lacks are null. Holes in a file are not stored as gaps: it does not
 * say what the exchange has.
 *
 * @param series - what the columns and the name of the file do not say; always the venue of an archive. A line of another venue is refused
 * @returns rejects with a StoreError that names file and line; what was stored before that line stays, and a second import
 *   repeats nothing
 */
export async function importCsv(
  store: CandleStore,
  path: string,
  series: Partial<CandleSeries> = {},
): Promise<Imported> {
  const files = await import('./files/import.ts');
  return files.importCsv(store, path, series);
}

/**
 * Stores the candles of a JSON file of freqtrade: rows of time in ms, open, high, low, close and volume.
 *
 * @returns rejects as `importCsv` does
 */
export async function importFreqtrade(store: CandleStore, path: string, series: CandleSeries): Promise<Imported> {
  const files = await import('./files/import.ts');
  return files.importFreqtrade(store, path, series);
}
