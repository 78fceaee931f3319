import type { NamedRewrite } from '../../faults/stream-faults.ts';

/** A kline frame written in another way. */
export function rewritten(text: string, how: NamedRewrite): string {
  return WAYS[how](text);
}

interface Message {
  data: Record<string, unknown>[];
}

const WAYS: Readonly<Record<NamedRewrite, (text: string) => string>> = {
  // What a frame can do without here is the time of the last trade.
  'no B': (text) => text.replace(/,"timestamp":\d+/g, ''),
  'extra fields': (text) => text.replaceAll('"start":', '"new":{"confirm":false,"y":[1]},"start":'),
  spaced: (text) => JSON.stringify(JSON.parse(text), null, 1),
  shuffled: (text) => changed(text, (one) => Object.fromEntries(Object.entries(one).reverse())),
  'bad JSON': (text) => text.replace('"data":[', '"data":[,'),
  truncated: (text) => text.slice(0, Math.floor(text.length * 0.6)),
  'wrong types': (text) => changed(text, (one) => ({ ...one, start: 'soon', open: null })),
  'missing fields': (text) => changed(text, ({ end: _end, close: _close, ...rest }) => rest),
};

function changed(text: string, change: (candle: Record<string, unknown>) => Record<string, unknown>): string {
  const message = JSON.parse(text) as Message;
  return JSON.stringify({ ...message, data: message.data.map(change) });
}
