import { expect, it } from 'vitest';
import { readConfigFile } from '../../src/adapters/config-file.ts';

const read = (text: string) => readConfigFile({ name: 'config.yaml', path: '/config.yaml', text });

it.each<[string, string, string[]]>([
  ['a bad value', 'graceMs: -1\n', ['bad']],
  ['an unknown key', 'strategy: 1\nreconnect: { maxRetry: 1 }\n', ['unknown', 'unknown']],
  ['half a pair', 'credentials: { apiKey: a }\n', ['half a pair']],
  ['what is no YAML', 'a: [\n', ['unreadable']],
  ['a second document', 'a: 1\n---\nb: 1\n', ['unreadable']],
  ['a list', '- a\n', ['unreadable']],
  ['its own key without options', 'rxCandles: [1]\n', ['bad']],
  ['an unknown key beside its own', 'strategy: 1\nrxCandles: { graceMs: 5 }\n', []],
  ['nothing at all', '', []],
])('tells of %s by how much it matters', async (_, text, kinds) => {
  const { complaints } = await read(text);
  expect([...new Set(complaints.map(({ kind }) => kind))]).toEqual([...new Set(kinds)]);
  expect(complaints.length).toBeGreaterThanOrEqual(kinds.length);
  expect(complaints.every(({ name }) => name.startsWith('config.yaml'))).toBe(true);
});

it('keeps what is good beside what is not, and no half of a pair', async () => {
  const { settings } = await read('graceMs: 5\nsettleMs: -1\nstrategy: 1\ncredentials: { apiSecret: a }\n');
  expect(settings).toEqual({ graceMs: 5 });
});
