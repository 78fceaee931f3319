import { StoreError } from '../../core/errors.ts';

/** What a column can hold. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  all(...values: SqlValue[]): readonly SqlRow[];
}

/** The first row. Not by `get`: in libsql 0.5.29 that finds nothing right after an `all` of the same statement that found nothing. */
export function firstRow(statement: Statement, ...values: SqlValue[]): SqlRow | undefined {
  return statement.all(...values)[0];
}

/** What `node:sqlite` and `libsql` have in common. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** `libsql` always opens a file to write. */
interface OpenOptions {
  readonly readOnly: boolean;
}

export type OpenDatabase = (path: string, options: OpenOptions) => Database;

type NewDatabase = new (path: string, options: OpenOptions) => Database;

interface Engine {
  readonly DatabaseSync?: NewDatabase;
  readonly default?: NewDatabase;
}

/** The package for a Node that has no SQLite of its own. */
const PACKAGE = 'libsql';

/**
 * SQLite: Node's own where it has one without a flag (22.13 and later), the package `libsql` elsewhere.
 *
 * @param path - the file that is to be opened, for the error
 * @throws StoreError where there is neither
 */
export async function loadEngine(path: string): Promise<OpenDatabase> {
  const own = builtin() as Engine | undefined;
  const Database = own?.DatabaseSync ?? (await packaged(path)).default;
  if (Database === undefined) throw noEngine(path);
  return (file, options) => new Database(file, options);
}

/** Node's own, if it has it. A lookup by function, so that no bundler takes it for a module that must be there. */
function builtin(): unknown {
  return process.getBuiltinModule('node:sqlite');
}

async function packaged(path: string): Promise<Engine> {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ PACKAGE)) as Engine;
  } catch (cause) {
    throw noEngine(path, cause);
  }
}

function noEngine(path: string, cause?: unknown): StoreError {
  const what = `needs SQLite, which Node ${process.versions.node} does not have; run: npm install libsql, or use Node 22.13 or later`;
  return new StoreError('no engine', path, { what, cause });
}
