import { extname } from 'node:path';
import type { CandleFile, HistoryRequest } from './candle-file.ts';
import { readableCsv, readableNdjson } from './line-reader.ts';
import { openTextFile } from './text-file.ts';

/** Opens a file, which may exist. */
export type OpenFile = (path: string, request: HistoryRequest) => Promise<CandleFile>;

/** By the file's ending; a new kind of file is one entry here. Stores and the Parquet writer are loaded when needed. */
const KINDS: ReadonlyMap<string, OpenFile> = new Map<string, OpenFile>([
  ['.csv', (path) => openTextFile(path, readableCsv)],
  ['.ndjson', (path) => openTextFile(path, readableNdjson)],
  ['.db', async (path) => (await import('./store-file.ts')).openStoreFile(path)],
  ['.parquet', async (path, request) => (await import('./parquet-file.ts')).openParquetFile(path, request)],
]);

export const FILE_ENDINGS = [...KINDS.keys()];

/** @returns undefined for an ending that is none of `FILE_ENDINGS` */
export function fileKindOf(path: string): OpenFile | undefined {
  return KINDS.get(extname(path).toLowerCase());
}
