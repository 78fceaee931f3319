import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { StoreError } from '../../core/errors.ts';
import { APPLICATION_ID, VERSION } from './schema.ts';

/** The first bytes of a file of SQLite (https://www.sqlite.org/fileformat2.html, section 1.3). */
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const AT = { pageSize: 16, changes: 24, pages: 28, version: 60, application: 68, validFor: 92 };

/**
 * Looks at a file before SQLite does, which may change what it opens.
 *
 * @returns whether there is a file with something in it
 * @throws StoreError for a file that is not ours, truncated, or of a later version
 */
export function checkHeader(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const header = firstBytes(path);
  const magic = header.toString('latin1', 0, MAGIC.length);
  if (!MAGIC.startsWith(magic)) throw notAStore(path);
  if (header.length < HEADER_BYTES) throw damaged(path, size);
  // What a crash has left beside the file belongs to it: only SQLite can tell.
  if (!isUnfinished(path)) checkWhole(path, header, size);
  return true;
}

function checkWhole(path: string, header: Buffer, size: number): void {
  if (header.readUInt32BE(AT.application) !== APPLICATION_ID) throw notAStore(path);
  checkVersion(path, header.readUInt32BE(AT.version));
  if (size < sizeIn(header)) throw damaged(path, size);
}

/** @throws StoreError for a version that is not known here */
export function checkVersion(path: string, version: number): void {
  if (version <= VERSION) return;
  const what = `is a store of version ${version}; this rx-candles knows version ${VERSION} and has left it untouched; install a later one`;
  throw new StoreError('later version', path, { what });
}

export function notAStore(path: string): StoreError {
  return new StoreError('not a store', path, { what: 'is not a store of rx-candles, and has been left untouched' });
}

function damaged(path: string, size: number): StoreError {
  const what = `is truncated at ${size} bytes, and has been left untouched; take a backup, or record anew into another file`;
  return new StoreError('damaged', path, { what });
}

/** A journal or log that is not empty. */
function isUnfinished(path: string): boolean {
  return ['-wal', '-journal'].some((end) => (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0) > 0);
}

/** Bytes that the header says the file has; 0 where it does not say. */
function sizeIn(header: Buffer): number {
  if (header.readUInt32BE(AT.validFor) !== header.readUInt32BE(AT.changes)) return 0;
  const pageSize = header.readUInt16BE(AT.pageSize);
  return header.readUInt32BE(AT.pages) * (pageSize === 1 ? 65_536 : pageSize);
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header));
  } finally {
    closeSync(file);
  }
}

/** @throws StoreError where there is no such file */
export function checkExists(path: string): void {
  if (!existsSync(path)) throw new StoreError('not found', path, { what: 'does not exist' });
}
