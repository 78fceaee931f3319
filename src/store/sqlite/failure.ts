import { StoreError, type StoreReason } from '../../core/errors.ts';

/** What is wrong by SQLite's result code (https://www.sqlite.org/rescode.html), and what to do. */
const BY_CODE: Readonly<Record<number, readonly [StoreReason, string]>> = {
  5: ['locked', 'is locked by another program that writes to it; end that one, or write to another file'],
  6: ['locked', 'is locked by another program that writes to it; end that one, or write to another file'],
  8: [
    'not writable',
    'cannot be written; check the rights of the file and of its folder, or open it with { readOnly: true }',
  ],
  11: ['damaged', 'is damaged; take a backup, or record anew into another file'],
  13: ['disk full', 'cannot grow: the disk is full; nothing that was stored is lost'],
  14: ['not writable', 'cannot be opened; check that its folder exists, and the rights of both'],
  26: ['not a store', 'is not a store of rx-candles'],
};

/** Primary result code of an error of either engine; undefined where it is none of SQLite's. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, rawCode } = error as { readonly errcode?: number; readonly rawCode?: number };
  const code = errcode ?? rawCode ?? /local database .*: (\d+)"\)$/.exec(error.message)?.[1];
  return code === undefined ? undefined : Number(code) & 0xff;
}

export function isBusy(error: unknown): boolean {
  return resultCode(error) === 5;
}

/** Any failure of SQLite, as the error that users get. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const [reason, what] = BY_CODE[resultCode(error) ?? 0] ?? ['unknown', `fails: ${textOf(error)}`];
  return new StoreError(reason, path, { what, cause: error });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
