import { ConfigError, StoreError } from '../core/errors.ts';
import { textOf } from '../core/schema.ts';
import type { CandleStore } from '../ports/candle-store.ts';
import { firstRow, loadEngine, type Database } from './sqlite/engine.ts';
import { toStoreError } from './sqlite/failure.ts';
import { checkExists, checkHeader, checkVersion, notAStore } from './sqlite/header.ts';
import { APPLICATION_ID, VERSION, migrate } from './sqlite/schema.ts';
import { SqliteStore, whenFree } from './sqlite/sqlite-store.ts';

/** How a file is opened. */
export interface StoreOptions {
  /** Writes nothing, and makes no file where there is none. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Most bytes the file may have; beyond it, writing fails as on a full disk. Default: as many as the disk holds. */
  readonly maxBytes?: number | undefined;
}

/** A short wait within SQLite; longer ones let the program go on (`whenFree`), ms. */
const BUSY_MS = 10;
const DEFAULT_PAGE_BYTES = 4096;

/**
 * Opens a file of candles, or makes it: one SQLite file in WAL mode, so that readers go on beside a writer. What is
 * appended is on the disk when the promise is kept, also if the power fails a moment later.
 *
 * @param path - of the file; its folder must exist
 * @returns rejects with a StoreError that names the file; a file that is not ours, truncated or of a later version is left
 *   untouched. ConfigError without a path
 */
export async function openStore(path: string, options: StoreOptions = {}): Promise<CandleStore> {
  const { readOnly = false } = options;
  checkPath(path);
  const open = await loadEngine(path);
  try {
    if (readOnly) checkExists(path);
    // To close a file that was opened to write may change it: first it is only looked at.
    if (checkHeader(path)) (await prepared(path, open(path, { readOnly: true }), { readOnly: true })).close();
    const database = await prepared(path, open(path, { readOnly }), options);
    return new SqliteStore(path, database, readOnly ? '' : 'PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw accessError(error, path) ?? toStoreError(error, path);
  }
}

/** Of a file without a name SQLite makes one that is gone when it is closed. */
function checkPath(path: unknown): void {
  if (typeof path !== 'string' || path === '')
    throw new ConfigError([`path: must be that of a file, got ${textOf(path)}`]);
}

async function prepared(path: string, database: Database, options: StoreOptions): Promise<Database> {
  try {
    await whenFree(path, () => {
      prepare(database, path, options);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: Database, path: string, { readOnly = false, maxBytes }: StoreOptions): void {
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const isOld = checkedVersion(database, path) < VERSION;
  if (readOnly) database.exec('PRAGMA query_only = ON');
  if (readOnly) return;
  if (isOld) upgrade(database, path);
  firstRow(database.prepare('PRAGMA journal_mode = WAL'));
  database.exec('PRAGMA synchronous = FULL');
  if (maxBytes !== undefined)
    firstRow(database.prepare(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / DEFAULT_PAGE_BYTES))}`));
  // SQLite opens what it may not write to as well, and tells only when it comes to that.
  database.exec('BEGIN IMMEDIATE; ROLLBACK');
}

/** Another program may have done it while this one waited for its turn. */
function upgrade(database: Database, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = checkedVersion(database, path);
    if (version < VERSION) migrate(database, version);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** 0 for a file in which there is nothing yet. */
function checkedVersion(database: Database, path: string): number {
  const application = numberOf(database, 'PRAGMA application_id', 'application_id');
  const tables = numberOf(database, 'SELECT count(*) AS tables FROM sqlite_master', 'tables');
  const isOurs = application === APPLICATION_ID || (application === 0 && tables === 0);
  if (!isOurs) throw notAStore(path);
  const version = numberOf(database, 'PRAGMA user_version', 'user_version');
  checkVersion(path, version);
  return version;
}

function numberOf(database: Database, sql: string, column: string): number {
  return Number(firstRow(database.prepare(sql))?.[column]);
}

/** What the file system says before SQLite is asked. */
function accessError(error: unknown, path: string): StoreError | undefined {
  if (error instanceof StoreError || !(error instanceof Error) || !('syscall' in error)) return undefined;
  const what = `cannot be opened (${error.message}); check the path, and the rights of the file and of its folder`;
  return new StoreError('not writable', path, { what, cause: error });
}
