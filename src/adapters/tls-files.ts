import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isRecord } from '../core/schema.ts';

/** Options of `tls` that are files in a configuration file. */
const FILES = ['ca', 'cert', 'key'];

export interface TlsFiles {
  /** The settings, with the contents of files in place of their paths. */
  readonly settings: Record<string, unknown>;
  /** Each begins with its key. */
  readonly problems: readonly string[];
}

/**
 * Reads the files that `tls.ca`, `tls.cert` and `tls.key` of a configuration file name. PEM that stands there itself is
 * left as it is.
 *
 * @param path - of the configuration file; theirs are relative to it
 */
export async function readTlsFiles(settings: Record<string, unknown>, path: string): Promise<TlsFiles> {
  const { tls } = settings;
  if (!isRecord(tls)) return { settings, problems: [] };
  const problems: string[] = [];
  const read = async ([key, value]: [string, unknown]): Promise<[string, unknown]> => {
    if (!FILES.includes(key)) return [key, value];
    const contents = await Promise.all([value].flat().map((one) => contentOf(one, dirname(path))));
    const failed = contents.filter((content) => content instanceof Error);
    problems.push(...failed.map(({ message }) => `tls.${key}: ${message}`));
    // The problem has been told; a second one about the same key would only repeat it.
    if (failed.length > 0) return [key, undefined];
    return [key, Array.isArray(value) ? contents : contents[0]];
  };
  const entries = await Promise.all(Object.entries(tls).map(read));
  return { settings: { ...settings, tls: Object.fromEntries(entries) }, problems };
}

async function contentOf(value: unknown, folder: string): Promise<unknown> {
  if (typeof value !== 'string' || value.includes('-----BEGIN ')) return value;
  try {
    return await readFile(resolve(folder, value), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return new Error(`${JSON.stringify(value)} cannot be read (${code})`);
  }
}
