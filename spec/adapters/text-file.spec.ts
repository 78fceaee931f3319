import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTextFile } from '../../src/adapters/text-file.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'rx-candles-text-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['UTF-8', Buffer.from('a: ü\r\n')],
  ['UTF-8 with its mark', Buffer.from('\uFEFFa: ü\r\n')],
  ['UTF-16 with its mark', Buffer.from('\uFEFFa: ü\r\n', 'utf16le')],
])('reads %s', async (_, bytes) => {
  const path = join(folder, 'text');
  writeFileSync(path, bytes);
  expect(await readTextFile(path, true)).toEqual({ file: { name: path, path, text: 'a: ü\r\n' }, complaints: [] });
});

it('reads an empty file', async () => {
  const path = join(folder, 'empty');
  writeFileSync(path, '');
  expect((await readTextFile(path, true)).file?.text).toBe('');
});

it('complains about a file that is not there only where it is needed', async () => {
  const name = join(folder, 'none');
  expect(await readTextFile(name, false)).toEqual({ file: undefined, complaints: [] });
  expect((await readTextFile(name, true)).complaints).toEqual([{ name, kind: 'unreadable', about: 'no such file' }]);
});

it('complains about a folder either way', async () => {
  const complaint = { name: folder, kind: 'unreadable', about: 'cannot be read (EISDIR)' };
  for (const isNeeded of [true, false]) expect((await readTextFile(folder, isNeeded)).complaints).toEqual([complaint]);
});
