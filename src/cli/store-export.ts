import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportParquet, type CandleSeries, type CandleStore } from '../store/index.ts';
import { csv, ndjson, type Format } from './format.ts';
import { storedSeries, type StoredOptions } from './stored-series.ts';

const FORMATS: Readonly<Record<string, Format>> = { '.csv': csv, '.ndjson': ndjson };

/**
 * Writes stored candles, series by series, to a file that appears when it is whole, or to a folder.
 *
 * @returns how many
 */
export async function exportStore(store: CandleStore, out: string, options: StoredOptions): Promise<number> {
  const series = await storedSeries(store, options);
  const ending = extname(out).toLowerCase();
  const { [ending]: format } = FORMATS;
  const isFile = format !== undefined || ending === '.parquet';
  if (isFile && existsSync(out)) throw new Error(`${out} exists; choose another --out, or remove it`);
  if (format !== undefined) return exportText(store, out, { series, format, ...options });
  const files = await exportParquet(store, out, { series, from: options.from, to: options.to });
  return files.reduce((sum, { candles }) => sum + candles, 0);
}

interface TextExport extends StoredOptions {
  readonly series: readonly CandleSeries[];
  readonly format: Format;
}

async function exportText(store: CandleStore, out: string, { series, format, from, to }: TextExport): Promise<number> {
  let count = 0;
  const part = `${out}.part`;
  async function* lines(): AsyncGenerator<string, void, undefined> {
    yield format.head;
    for (const one of series)
      for await (const candle of store.read(one, { from, to })) {
        count += 1;
        yield format.line(candle);
      }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(part));
    await rename(part, out);
  } finally {
    await rm(part, { force: true });
  }
  return count;
}
