import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { makeCandle, unusableBecause, type Candle } from '../../core/candle.ts';
import { StoreError } from '../../core/errors.ts';
import { isInterval } from '../../core/interval.ts';
import { isTimeWithin } from '../../core/time-bounds.ts';
import type { CandleSeries, CandleStore, Revision } from '../../ports/candle-store.ts';
import { isVenue } from '../../venues/series-key.ts';
import { candleOf, columnsOf, seriesInName, type Columns } from './columns.ts';
import { bytesIn } from './text-of-file.ts';

/** What a file has brought. */
export interface Imported {
  /** Candles in it. */
  readonly candles: number;
  /** Of them those that were not stored before. */
  readonly added: number;
  /** Those with other values than the stored ones, which were kept. */
  readonly revised: readonly Revision[];
}

/** Candles stored at once. */
const BATCH = 5000;

/** As `importCsv` in `files.ts`, which loads this. */
export async function importCsv(
  store: CandleStore,
  path: string,
  series: Partial<CandleSeries> = {},
): Promise<Imported> {
  const given = { ...seriesInName(basename(path)), ...series };
  const import_ = new Import(store, path);
  let columns: Columns | undefined;
  for await (const line of linesIn(path)) {
    if (columns !== undefined) {
      const other = otherVenueIn(line, columns, series);
      if (other !== undefined) throw import_.refuse(`is of ${other}, not of ${String(series.venue)}`);
      await import_.add(candleOf(line, columns, given));
    } else {
      const found = columnsOf(line);
      if (found === undefined)
        throw import_.refuse('has columns that are not known: they must be named, or Binance’s twelve');
      columns = found.columns;
      if (found.isHeader) import_.skip();
      else await import_.add(candleOf(line, columns, given));
    }
  }
  return import_.finish();
}

/** The venue that a line names, where it is not the given one. What is no venue of ours is another program's word. */
function otherVenueIn(line: readonly string[], columns: Columns, { venue }: Partial<CandleSeries>): string | undefined {
  const own = line[columns.venue ?? -1] ?? '';
  return venue !== undefined && isVenue(own) && own !== venue ? own : undefined;
}

/** As `importFreqtrade` in `files.ts`. */
export async function importFreqtrade(store: CandleStore, path: string, series: CandleSeries): Promise<Imported> {
  const import_ = new Import(store, path);
  const rows = await rowsIn(path, import_);
  const columns: Columns = { timestamp: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 };
  for (const row of rows) {
    if (!Array.isArray(row)) throw import_.refuse('is not a row of numbers');
    await import_.add(candleOf(row.map(String), columns, series));
  }
  return import_.finish();
}

async function rowsIn(path: string, import_: Import): Promise<readonly unknown[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  try {
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows)) return rows as readonly unknown[];
  } catch {
    // Said below.
  }
  throw import_.refuse('is not a list of rows in JSON');
}

async function* linesIn(path: string): AsyncGenerator<readonly string[], void, undefined> {
  const parser = parse({ bom: true, skip_empty_lines: true });
  const bytes = Readable.from(bytesIn(path));
  bytes.on('error', (error) => parser.destroy(error));
  try {
    yield* bytes.pipe(parser) as AsyncIterable<readonly string[]>;
  } catch (cause) {
    throw cause instanceof StoreError ? cause : unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): StoreError {
  const what = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new StoreError('bad file', path, { what, cause });
}

/** Stores candles in batches, and knows at which line it is. */
class Import {
  readonly #store: CandleStore;
  readonly #path: string;
  #held: Candle[] = [];
  #line = 1;
  #candles = 0;
  #added = 0;
  readonly #revised: Revision[] = [];

  constructor(store: CandleStore, path: string) {
    this.#store = store;
    this.#path = path;
  }

  async add(candle: Candle): Promise<void> {
    const trouble = troubleWith(candle);
    if (trouble !== undefined) throw this.refuse(trouble);
    this.#held.push(makeCandle(candle));
    this.#line += 1;
    if (this.#held.length >= BATCH) await this.#write();
  }

  skip(): void {
    this.#line += 1;
  }

  async finish(): Promise<Imported> {
    await this.#write();
    return { candles: this.#candles, added: this.#added, revised: this.#revised };
  }

  refuse(why: string): StoreError {
    return new StoreError('bad file', this.#path, { what: `line ${this.#line}: ${why}` });
  }

  async #write(): Promise<void> {
    const held = this.#held.splice(0);
    const { added, revised } = await this.#store.append(held);
    this.#candles += held.length;
    this.#added += added.length;
    this.#revised.push(...revised);
  }
}

function troubleWith(candle: Candle): string | undefined {
  const { venue, symbol, interval, timestamp } = candle;
  if (!isVenue(venue)) return 'the venue is not known; pass it as { venue }';
  if (symbol === '') return 'the symbol is not known; pass it as { symbol }';
  if (!isInterval(interval)) return 'the interval is not known; pass it as { interval }';
  if (!isTimeWithin(timestamp)) return 'the open time is not a time from 2009 to 2100';
  return unusableBecause(candle);
}
