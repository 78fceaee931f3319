import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @throws Error that says so where no file can be made, before hours are spent on what goes into it */
export async function requireWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    const why = 'its folder does not exist, or may not be written to';
    throw new Error(`cannot write ${path}: ${why}; make the folder, or choose another --out`, { cause });
  }
}

/** What the file system says, with the file that the user has named; any other error as it is. */
export function namingFile(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  return new Error(`cannot write ${path}: ${error.message}`, { cause: error });
}
