import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ParquetWriter, fileWriter } from 'hyparquet-writer';
import { FIELDS, type Candle } from '../../core/candle.ts';
import { parquetColumn, parquetSchema, type CandleField } from '../../core/parquet-columns.ts';
import type { CandleSeries, CandleStore, StoredSpan } from '../../ports/candle-store.ts';
import { seriesIn } from '../../venues/series-key.ts';

/** What is exported. */
export interface ExportSpan extends StoredSpan {
  /** Default: all of the store. */
  readonly series?: CandleSeries | readonly CandleSeries[] | undefined;
}

/** A file that was written. */
export interface ExportedFile {
  readonly path: string;
  readonly candles: number;
}

/** Columns that the names of folders hold. */
const IN_PATH: readonly CandleField[] = ['venue', 'symbol', 'interval'];
/** Candles of a row group: few enough to hold in memory, enough for readers to skip by. */
const GROUP = 100_000;

/** As `exportParquet` in `files.ts`, which loads this. */
export async function exportParquet(
  store: CandleStore,
  path: string,
  span: ExportSpan = {},
): Promise<readonly ExportedFile[]> {
  const series = span.series === undefined ? await store.series() : seriesIn(span.series);
  if (path.endsWith('.parquet')) return [await writeOne(path, allOf(store, series, span))];
  const files: ExportedFile[] = [];
  for (const one of series)
    for await (const [day, candles] of byDay(store.read(one, span)))
      files.push(await writeDay(join(path, folderOf(one, day)), candles));
  return files;
}

async function* allOf(
  store: CandleStore,
  series: readonly CandleSeries[],
  span: StoredSpan,
): AsyncGenerator<Candle, void, undefined> {
  for (const one of series) yield* store.read(one, span);
}

/** Candles of one series, day by day of their open times in UTC. */
async function* byDay(
  candles: AsyncIterable<Candle>,
): AsyncGenerator<readonly [string, readonly Candle[]], void, undefined> {
  let [day, held] = ['', [] as Candle[]];
  for await (const candle of candles) {
    const its = new Date(candle.timestamp).toISOString().slice(0, 10);
    if (its !== day && held.length > 0) yield [day, held];
    if (its !== day) [day, held] = [its, []];
    held.push(candle);
  }
  if (held.length > 0) yield [day, held];
}

/** A symbol may be any text of the exchange; readers of such folders decode it. */
function folderOf({ venue, symbol, interval }: CandleSeries, day: string): string {
  const names = [`venue=${encodeURIComponent(venue)}`, `symbol=${encodeURIComponent(symbol)}`, `interval=${interval}`];
  return join(...names, `day=${day}`);
}

async function writeDay(folder: string, candles: readonly Candle[]): Promise<ExportedFile> {
  const path = join(folder, 'candles.parquet');
  const fields = FIELDS.filter((field) => !IN_PATH.includes(field));
  await whole(path, async (writer) => writer.add(candles), fields);
  return { path, candles: candles.length };
}

async function writeOne(path: string, candles: AsyncIterable<Candle>): Promise<ExportedFile> {
  let count = 0;
  await whole(
    path,
    async (writer) => {
      const held: Candle[] = [];
      for await (const candle of candles) {
        held.push(candle);
        count += 1;
        if (held.length === GROUP) await writer.add(held.splice(0));
      }
      if (held.length > 0) await writer.add(held);
    },
    FIELDS,
  );
  return { path, candles: count };
}

interface RowWriter {
  add(candles: readonly Candle[]): Promise<void>;
}

/** Writes a file beside its place, and moves it there when it is whole. */
async function whole(
  path: string,
  write: (writer: RowWriter) => Promise<void>,
  fields: readonly CandleField[],
): Promise<void> {
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const writer = new ParquetWriter({
      writer: fileWriter(part),
      schema: parquetSchema(fields),
      createdBy: 'rx-candles',
    });
    await write({
      add: async (candles) => {
        await writer.write({ columnData: fields.map((field) => parquetColumn(field, candles)), rowGroupSize: GROUP });
      },
    });
    await writer.finish();
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
