import type { NamedRewrite } from '../../faults/stream-faults.ts';

interface Message {
  readonly arg: object;
  readonly data: readonly (readonly unknown[])[];
}

const WAYS: Readonly<Record<NamedRewrite, (text: string) => string>> = {
  // Every column is needed here: there is no such field.
  'no B': (text) => text,
  'extra fields': (text) =>
    changed(text, ({ arg, data }) => ({
      zz: { confirm: '0' },
      arg: { ...arg, new: '0' },
      data: data.map((row) => [...row, '0']),
    })),
  spaced: (text) => JSON.stringify(JSON.parse(text), null, 1),
  shuffled: (text) => changed(text, ({ arg, data }) => ({ data, arg })),
  'bad JSON': (text) => text.replace('"data":[', '"data":[,'),
  truncated: (text) => text.slice(0, Math.floor(text.length * 0.6)),
  'wrong types': (text) => changedRows(text, ([, , ...more]) => ['soon', null, ...more]),
  'missing fields': (text) => changedRows(text, (row) => row.slice(0, 5)),
};

/** A frame of candles written in another way. */
export function rewritten(text: string, how: NamedRewrite): string {
  return WAYS[how](text);
}

function changedRows(text: string, change: (row: readonly unknown[]) => readonly unknown[]): string {
  return changed(text, ({ arg, data }) => ({ arg, data: data.map(change) }));
}

function changed(text: string, change: (message: Message) => object): string {
  return JSON.stringify(change(JSON.parse(text) as Message));
}
