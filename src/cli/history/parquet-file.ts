import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parquetColumn, parquetSchema } from '../../configuration.ts';
import { FIELDS, type Candle } from '../../index.ts';
import { ForeignFileError, type CandleFile, type HistoryRequest } from './candle-file.ts';

const KEY = 'rx-candles';
/** Rows of a row group: few enough to hold in memory, enough for readers to skip by. */
const GROUP_ROWS = 100_000;
const COPY_BYTES = 1 << 20;

/**
 * Opens a Parquet file that will appear whole when it is finished: a column for each field of `Candle`, times as
 * timestamps in UTC. An earlier file of the same series from the same time on is replaced.
 *
 * @throws ForeignFileError for any other file
 */
export async function openParquetFile(path: string, request: HistoryRequest): Promise<CandleFile> {
  const key = keyOf(request);
  if ((await exists(path)) && (await keyIn(path)) !== key)
    throw new ForeignFileError(
      path,
      'it is not a Parquet file that this command wrote for these series from this time',
    );
  return new ParquetFile(path, key);
}

class ParquetFile implements CandleFile {
  readonly held = [];
  readonly canResume = false;
  readonly #path: string;
  readonly #spool = openSpool();
  readonly #writer: ParquetWriter;
  #rows: Candle[] = [];
  #isOpen = true;

  constructor(path: string, key: string) {
    this.#path = path;
    const writer = new SpoolWriter(this.#spool);
    this.#writer = new ParquetWriter({
      writer,
      schema: parquetSchema(FIELDS),
      kvMetadata: [{ key: KEY, value: key }],
      createdBy: KEY,
    });
  }

  async append(candles: readonly Candle[]): Promise<void> {
    this.#rows.push(...candles);
    if (this.#rows.length >= GROUP_ROWS) await this.#write(this.#rows.splice(0, GROUP_ROWS));
  }

  async finish(): Promise<void> {
    if (this.#rows.length > 0) await this.#write(this.#rows);
    await this.#writer.finish();
    const part = join(dirname(this.#path), `.${basename(this.#path)}.${randomUUID()}.part`);
    try {
      await copy(this.#spool, part);
      await rename(part, this.#path);
    } finally {
      await rm(part, { force: true });
      await this.stop();
    }
  }

  stop(): Promise<void> {
    if (this.#isOpen) closeSync(this.#spool);
    this.#isOpen = false;
    return Promise.resolve();
  }

  async #write(candles: readonly Candle[]): Promise<void> {
    await this.#writer.write({
      columnData: FIELDS.map((field) => parquetColumn(field, candles)),
      rowGroupSize: GROUP_ROWS,
    });
  }
}

/** Writes row group by row group to a file. */
class SpoolWriter extends ByteWriter {
  readonly #file: number;

  constructor(file: number) {
    super();
    this.#file = file;
  }

  flush(): void {
    const bytes = this.getBytes();
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

/** A file without a name, outside of the user's folder: nothing is left of it when the process ends, however it ends. */
function openSpool(): number {
  const path = join(tmpdir(), `rx-candles-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

async function copy(from: number, path: string): Promise<void> {
  await using to = await open(path, 'wx');
  const bytes = Buffer.alloc(COPY_BYTES);
  for (let at = 0, read = -1; read !== 0; at += read) {
    read = readSync(from, bytes, 0, bytes.length, at);
    await to.writeFile(bytes.subarray(0, read));
  }
  await to.sync();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function keyIn(path: string): Promise<string | undefined> {
  try {
    const { key_value_metadata: pairs } = await parquetMetadataAsync(await asyncBufferFromFile(path));
    return pairs?.find(({ key }) => key === KEY)?.value;
  } catch {
    return undefined;
  }
}

function keyOf({ venue, wanted, from }: HistoryRequest): string {
  const series = wanted.map(({ symbol, interval }) => `${symbol.toUpperCase()} ${interval}`);
  return JSON.stringify({ venue, series, from });
}
