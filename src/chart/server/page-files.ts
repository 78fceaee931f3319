import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** The files of the page by the path that a browser asks for. They are read once: nothing else of the disk is ever served. */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const names = readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined);
  const files = names.map((name): [string, PageFile] => [
    name === 'index.html' ? '/' : `/${name}`,
    { body: readFileSync(join(folder, name)), type: TYPES[extname(name)] ?? '' },
  ]);
  return new Map(files);
}
