import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A problem with a file or its content; how serious it is depends on whether the user named the file. */
export interface Complaint {
  /** The file, as it was named, or `environment`. */
  readonly name: string;
  readonly kind: 'bad' | 'unknown' | 'unreadable' | 'half a pair';
  /** Begins with the key where there is one. */
  readonly about: string;
}

export interface TextFile {
  /** As it was named. */
  readonly name: string;
  /** In full. */
  readonly path: string;
  readonly text: string;
}

export interface Reading {
  /** Undefined where there is none, or it cannot be read. */
  readonly file: TextFile | undefined;
  readonly complaints: readonly Complaint[];
}

/**
 * Reads a text file, UTF-8 or what its byte order mark says.
 *
 * @param isNeeded - whether it is wrong that there is none
 */
export async function readTextFile(name: string, isNeeded: boolean): Promise<Reading> {
  // At once: the program may change its working directory while the file is being read.
  const path = fullPathOf(name);
  try {
    return { file: { name, path, text: decode(await readFile(path)) }, complaints: [] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const about = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    const isFine = code === 'ENOENT' && !isNeeded;
    return { file: undefined, complaints: isFine ? [] : [{ name, kind: 'unreadable', about }] };
  }
}

function fullPathOf(name: string): string {
  try {
    return resolve(name);
  } catch {
    return name; // the working directory is gone
  }
}

/** Windows tools also write UTF-16. The decoder strips the byte order mark. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
