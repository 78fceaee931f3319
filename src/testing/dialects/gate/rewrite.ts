import type { NamedRewrite } from '../../faults/stream-faults.ts';

type Members = Record<string, unknown>;

const WAYS: Readonly<Record<NamedRewrite, (text: string) => string>> = {
  // What a frame can do without is its time in seconds.
  'no B': (text) => changed(text, ({ time: _time, ...rest }) => rest),
  'extra fields': (text) => changedCandle(text, (candle) => ({ zz: { w: false }, ...candle, x: false })),
  spaced: (text) => JSON.stringify(JSON.parse(text), null, 1),
  shuffled: (text) => changedCandle(text, (candle) => Object.fromEntries(Object.entries(candle).reverse())),
  'bad JSON': (text) => text.replace('"result":{', '"result":{,'),
  truncated: (text) => text.slice(0, Math.floor(text.length * 0.6)),
  'wrong types': (text) => changedCandle(text, (candle) => ({ ...candle, t: 'soon', o: null })),
  'missing fields': (text) => changedCandle(text, ({ t: _t, c: _c, ...rest }) => rest),
};

/** A frame of a candle written in another way. */
export function rewritten(text: string, how: NamedRewrite): string {
  return WAYS[how](text);
}

function changedCandle(text: string, change: (candle: Members) => Members): string {
  return changed(text, ({ result, ...rest }) => ({ ...rest, result: change(result as Members) }));
}

function changed(text: string, change: (message: Members) => Members): string {
  return JSON.stringify(change(JSON.parse(text) as Members));
}
