import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openStore } from 'rx-candles/store';
import { ConfigError, StoreError } from 'rx-candles';
import { BTC as SERIES, minute as at, minutes, MINUTE, START, storeFolder } from '../support/stored.ts';

const home = storeFolder();
const folder = home.path;
afterAll(() => {
  chmodSync(folder, 0o700);
  home.remove();
});

const newFile = (): string => home.newFile();

/** Any other SQLite, as another program that reads the file. */
interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): { all(): Record<string, unknown>[] };
  close(): void;
}
function sqlite(path: string): Sqlite {
  const own = process.getBuiltinModule('node:sqlite') as unknown as
    { DatabaseSync: new (path: string) => Sqlite } | undefined;
  const Database = own?.DatabaseSync ?? (createRequire(import.meta.url)('libsql') as new (path: string) => Sqlite);
  return new Database(path);
}

async function failure(work: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error(`no StoreError: ${String(error)}`);
  return error;
}

async function stored(path: string, count: number): Promise<void> {
  await using store = await openStore(path);
  await store.append(minutes(count));
}

it('has what it was given when it is opened again, and SQLite finds a table with the names of the fields', async () => {
  const path = newFile();
  await stored(path, 3);
  await using again = await openStore(path);
  expect(await again.last(SERIES)).toEqual(at(2));
  const reader = sqlite(path);
  const rows = reader.prepare('SELECT * FROM candles ORDER BY timestamp').all();
  expect(rows.map((row) => ({ ...row }))).toEqual(minutes(3));
  const [row] = reader.prepare('SELECT * FROM candle').all();
  reader.close();
  expect(Object.keys(row ?? {}).slice(1)).toEqual(Object.keys(at(0)).slice(3));
});

it('lets another connection read while it writes', async () => {
  const path = newFile();
  await using writer = await openStore(path);
  await writer.append(minutes(1));
  await using reader = await openStore(path, { readOnly: true });
  await writer.append(minutes(2));
  expect((await reader.last(SERIES))?.timestamp).toBe(START + MINUTE);
  expect((await failure(reader.append(minutes(3)))).reason).toBe('not writable');
});

it.each([
  ['garbage', () => 'not at all a database '.repeat(500), 'not a store'],
  ['the beginning of a header', () => 'SQLite format 3\0', 'damaged'],
])('leaves %s untouched', async (_, text, reason) => {
  const path = newFile();
  writeFileSync(path, text());
  const error = await failure(openStore(path));
  expect(error.reason).toBe(reason);
  expect(error.code).toBe('FEED_STORE');
  expect(error.message).toContain(path);
  expect(readFileSync(path, 'latin1')).toBe(text());
  expect(readdirSync(folder).filter((file) => file.startsWith(`${basename(path)}-`))).toEqual([]);
});

it('leaves a database of another program untouched', async () => {
  const path = newFile();
  const other = sqlite(path);
  other.exec('CREATE TABLE candle (id INTEGER)');
  other.close();
  const before = readFileSync(path);
  expect((await failure(openStore(path))).reason).toBe('not a store');
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('leaves a truncated file and one of a later version untouched', async () => {
  const path = newFile();
  await stored(path, 500);
  const cut = newFile();
  copyFileSync(path, cut);
  truncateSync(cut, statSync(path).size - 4096);
  expect((await failure(openStore(cut))).reason).toBe('damaged');
  expect(statSync(cut).size).toBe(statSync(path).size - 4096);
  const other = sqlite(path);
  other.exec('PRAGMA user_version = 99');
  other.close();
  const before = readFileSync(path);
  const error = await failure(openStore(path));
  expect(error.reason).toBe('later version');
  expect(error.message).toContain('version 99');
  expect(readFileSync(path).equals(before)).toBe(true);
});

/** The tables of version 1, in which gaps have no reasons. */
const VERSION_1 = `
  CREATE TABLE series (id INTEGER PRIMARY KEY, venue TEXT NOT NULL, symbol TEXT NOT NULL, interval TEXT NOT NULL, UNIQUE (venue, symbol, interval)) STRICT;
  CREATE TABLE candle (series_id INTEGER NOT NULL REFERENCES series (id), timestamp INTEGER NOT NULL, closeTime INTEGER NOT NULL,
    open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL, quoteVolume REAL,
    trades INTEGER, takerBuyVolume REAL, takerBuyQuoteVolume REAL, source TEXT NOT NULL, PRIMARY KEY (series_id, timestamp)) STRICT, WITHOUT ROWID;
  CREATE TABLE gap (series_id INTEGER NOT NULL REFERENCES series (id), "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, PRIMARY KEY (series_id, "from")) STRICT, WITHOUT ROWID;
  CREATE INDEX gap_to ON gap ("to");
  CREATE TABLE revision (id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL REFERENCES series (id), timestamp INTEGER NOT NULL, candle TEXT NOT NULL, UNIQUE (series_id, timestamp, candle)) STRICT;
  CREATE VIEW candles AS SELECT venue, symbol, interval, timestamp, closeTime, open, high, low, close, volume, quoteVolume, trades,
    takerBuyVolume, takerBuyQuoteVolume, source FROM candle JOIN series ON series.id = candle.series_id;
  INSERT INTO series VALUES (1, 'binance-usdm', 'BTCUSDT', '1m');
  INSERT INTO candle VALUES (1, ${START}, ${START + MINUTE - 1}, 100, 101, 99, 100.5, 10, NULL, NULL, NULL, NULL, 'stream');
  INSERT INTO gap VALUES (1, ${START + MINUTE}, ${START + 2 * MINUTE});
  PRAGMA application_id = 1920492388; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;`;

it('reads a file of the former version as it is, and brings it forward when it is opened to write', async () => {
  const path = newFile();
  const old = sqlite(path);
  old.exec(VERSION_1);
  old.close();
  const gap = { from: START + MINUTE, to: START + 2 * MINUTE };
  const versionOf = () => {
    const reader = sqlite(path);
    const [row] = reader.prepare('PRAGMA user_version').all();
    reader.close();
    return row?.['user_version'];
  };
  {
    await using reader = await openStore(path, { readOnly: true });
    expect(await reader.missing(SERIES)).toEqual([gap]);
  }
  expect(versionOf()).toBe(1);
  await using store = await openStore(path);
  expect(versionOf()).toBe(2);
  expect([await store.gaps(SERIES), await store.missing(SERIES)]).toEqual([[gap], [gap]]);
  expect((await store.last(SERIES))?.close).toBe(100.5);
  await store.append([at(3)], [{ ...SERIES, ...gap, reason: 'absent' }]);
  expect(await store.missing(SERIES)).toEqual([{ ...gap, reason: 'absent' }]);
});

it('makes no file to read from, and none where there is no folder', async () => {
  const path = newFile();
  expect((await failure(openStore(path, { readOnly: true }))).reason).toBe('not found');
  expect(existsSync(path)).toBe(false);
  expect((await failure(openStore(join(folder, 'nowhere', 'a.db')))).reason).toBe('not writable');
  expect((await failure(openStore(folder))).reason).toBe('not writable');
});

it.each(['', undefined, 5])('takes no file without a name: %j', async (path) => {
  await expect(openStore(path as string)).rejects.toThrow(ConfigError);
});

it('says that a folder cannot be written to', async () => {
  const closed = mkdtempSync(join(folder, 'closed-'));
  const path = join(closed, 'a.db');
  const origin = newFile();
  await stored(origin, 3);
  copyFileSync(origin, path);
  const before = readFileSync(path);
  chmodSync(path, 0o444);
  chmodSync(closed, 0o555);
  chmodSync(folder, 0o755);
  // The rights of a folder are nothing to root.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    for (const file of [path, join(closed, 'b.db')])
      expect((await failure(openStore(file))).reason).toBe('not writable');
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('says that the disk is full, and has all that it had before', async () => {
  const path = newFile();
  await using store = await openStore(path, { maxBytes: 100_000 });
  await store.append(minutes(100));
  const error = await failure(store.append(minutes(100_000)));
  expect(error.reason).toBe('disk full');
  expect(error.message).toContain(path);
  expect((await store.info())[0]?.candles).toBe(100);
  expect((await store.append([at(100)])).added).toHaveLength(1);
});

it('waits for another writer, but not for ever', async () => {
  const path = newFile();
  await using store = await openStore(path);
  const other = sqlite(path);
  other.exec('BEGIN IMMEDIATE');
  const waiting = store.append(minutes(1));
  setTimeout(() => other.exec('COMMIT'), 100);
  expect((await waiting).added).toHaveLength(1);
  other.exec('BEGIN IMMEDIATE');
  expect((await failure(store.append(minutes(2)))).reason).toBe('locked');
  expect((await store.last(SERIES))?.timestamp).toBe(START);
  other.exec('ROLLBACK');
  other.close();
});

it('does nothing after it was closed', async () => {
  const store = await openStore(newFile());
  await store.close();
  await store.close();
  expect((await failure(store.last(SERIES))).reason).toBe('closed');
});
